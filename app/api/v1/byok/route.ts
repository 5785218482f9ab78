import { createByok, listByok } from "@/lib/gateway/byok-api";
import { apiMethods } from "@/lib/http/api-methods";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ GET: listByok, POST: createByok });
