import type { OfferedModel } from "./offer";
import { anthropicModels } from "./offered-models/anthropic";
import { cohereModels } from "./offered-models/cohere";
import { deepSeekModels } from "./offered-models/deepseek";
import { gemmaModels } from "./offered-models/gemma";
import { googleModels } from "./offered-models/google";
import { gptOssModels } from "./offered-models/gpt-oss";
import { metaModels } from "./offered-models/meta";
import { miniMaxModels } from "./offered-models/minimax";
import { mistralModels } from "./offered-models/mistral";
import { moonshotModels } from "./offered-models/moonshot";
import { nvidiaModels } from "./offered-models/nvidia";
import { openAiModels } from "./offered-models/openai";
import { perplexityModels } from "./offered-models/perplexity";
import { qwenModels } from "./offered-models/qwen";
import { xaiModels } from "./offered-models/x-ai";
import { zaiModels } from "./offered-models/z-ai";

export const offeredModels: OfferedModel[] = [
  ...openAiModels,
  ...gptOssModels,
  ...anthropicModels,
  ...googleModels,
  ...gemmaModels,
  ...cohereModels,
  ...deepSeekModels,
  ...metaModels,
  ...miniMaxModels,
  ...mistralModels,
  ...moonshotModels,
  ...nvidiaModels,
  ...perplexityModels,
  ...qwenModels,
  ...xaiModels,
  ...zaiModels,
];
