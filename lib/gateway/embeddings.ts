import { embeddings as door } from "@/lib/protocol/embeddings/door";
import { serve } from "./serve";

/** POST /api/v1/embeddings */
export const embeddings = serve(door);
