import { countMessageTokens } from "@/lib/gateway/count-tokens";
import { apiMethods } from "@/lib/http/api-methods";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ POST: countMessageTokens });
