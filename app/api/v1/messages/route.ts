import { messages } from "@/lib/gateway/messages";
import { apiMethods } from "@/lib/http/api-methods";

export const maxDuration = 300;

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ POST: messages });
