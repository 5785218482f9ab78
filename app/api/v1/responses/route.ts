import { responses } from "@/lib/gateway/responses";
import { apiMethods } from "@/lib/http/api-methods";

export const maxDuration = 300;

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ POST: responses });
