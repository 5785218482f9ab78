import { exchangeCode } from "@/lib/gateway/oauth-api";
import { apiMethods } from "@/lib/http/api-methods";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ POST: exchangeCode });
