import { chat } from "@/lib/protocol/chat/door";
import { serve } from "./serve";

/** POST /api/v1/chat/completions */
export const chatCompletions = serve(chat);
