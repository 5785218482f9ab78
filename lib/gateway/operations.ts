import { activityOperations } from "./activity-api";
import { byokOperations } from "./byok-api";
import { chatOperations } from "./chat-completions";
import { completionsOperations } from "./completions";
import { embeddingsOperations } from "./embeddings";
import { generationOperations } from "./generation-api";
import { guardrailsOperations } from "./guardrails-api";
import { keysOperations } from "./keys-api";
import { messagesOperations } from "./messages";
import { modelOperations } from "./model-api";
import { modelsOperations } from "./models-api";
import { oauthOperations } from "./oauth-api";
import type { Operation } from "./operation";
import { presetsOperations } from "./presets-api";
import { providersOperations } from "./providers-api";
import { responsesOperations } from "./responses";
import { resumeOperations } from "./resume-api";

/** Every endpoint of the public API, in the order that its document has them. */
export const operations: readonly Operation[] = [
  ...chatOperations,
  ...messagesOperations,
  ...responsesOperations,
  ...completionsOperations,
  ...embeddingsOperations,
  ...modelsOperations,
  ...modelOperations,
  ...providersOperations,
  ...generationOperations,
  ...resumeOperations,
  ...activityOperations,
  ...presetsOperations,
  ...keysOperations,
  ...guardrailsOperations,
  ...byokOperations,
  ...oauthOperations,
];
