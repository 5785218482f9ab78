import { getCurrentKey } from "@/lib/gateway/keys-api";
import { apiMethods } from "@/lib/http/api-methods";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ GET: getCurrentKey });
