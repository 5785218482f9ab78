import { presetFromMessages } from "@/lib/gateway/presets-api";
import { apiMethods } from "@/lib/http/api-methods";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ POST: presetFromMessages });
