// @ts-check
// Reads, in each wire format, whether a tool has to be called and whether the answer has to be JSON.
// A body that is no JSON gives no wishes: the mock server refuses it itself.

/**
 * @typedef {import("./answer.mjs").Wishes} Wishes
 */

/**
 * @param {import("@copilotkit/aimock").ChatCompletionRequest} request
 * @returns {Wishes}
 */
export function openaiWishes(request) {
  const choice = /** @type {any} */ (request.tool_choice);
  const format = /** @type {any} */ (request.response_format);
  return {
    toolUse: choice === "none" ? "none" : choice === "required" || choice?.function ? "required" : "auto",
    toolName: choice?.function?.name,
    json: format?.type === "json_object" || format?.type === "json_schema",
    schema: format?.json_schema?.schema,
  };
}

/**
 * OpenAI's Responses API.
 * @param {string} body
 * @returns {Wishes}
 */
export function responsesWishes(body) {
  const { tool_choice: choice, text } = parsed(body);
  const format = text?.format;
  return {
    toolUse: choice === "none" ? "none" : choice === "required" || choice?.name ? "required" : "auto",
    toolName: choice?.name,
    json: format?.type === "json_object" || format?.type === "json_schema",
    schema: format?.schema,
  };
}

/**
 * @param {string} body
 * @returns {Wishes}
 */
export function anthropicWishes(body) {
  const { tool_choice: choice, output_config: output, thinking } = parsed(body);
  return {
    toolUse: choice?.type === "none" ? "none" : ["any", "tool"].includes(choice?.type) ? "required" : "auto",
    toolName: choice?.name,
    json: output?.format?.type === "json_schema",
    schema: output?.format?.schema,
    thoughts: ["enabled", "adaptive"].includes(thinking?.type),
  };
}

/**
 * @param {string} body
 * @returns {Wishes}
 */
export function geminiWishes(body) {
  const { toolConfig, generationConfig } = parsed(body);
  const { mode, allowedFunctionNames } = toolConfig?.functionCallingConfig ?? {};
  return {
    toolUse: mode === "NONE" ? "none" : mode === "ANY" ? "required" : "auto",
    toolName: allowedFunctionNames?.[0],
    json: generationConfig?.responseMimeType === "application/json",
    schema: generationConfig?.responseJsonSchema ?? generationConfig?.responseSchema,
    thoughts: generationConfig?.thinkingConfig?.includeThoughts === true,
    afterCall: "stop", // Gemini has no reason of its own for that
  };
}

/**
 * Gemini takes a tool's schema under either of two names; the mock server knows one.
 * @param {string} body
 */
export function withPlainSchemas(body) {
  const request = parsed(body);
  for (const tool of request.tools ?? []) {
    for (const declaration of tool.functionDeclarations ?? []) {
      declaration.parameters ??= declaration.parametersJsonSchema;
    }
  }
  return request.tools ? JSON.stringify(request) : body;
}

/**
 * @param {string} body
 * @returns {Record<string, any>}
 */
function parsed(body) {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
