import { z } from "zod";
import type { Guardrail, GuardrailAssignment } from "@/db/queries/guardrails";
import { usdNumber } from "@/lib/money";

/** A guardrail as the API shows it. */
export const guardrailObject = z
  .object({
    id: z.uuid(),
    name: z.string(),
    description: z.string().nullable(),
    limit_usd: z.number().nullable(),
    reset_interval: z.enum(["daily", "weekly", "monthly"]).nullable(),
    include_byok_in_budgets: z.boolean(),
    allowed_models: z.array(z.string()).nullable(),
    ignored_models: z.array(z.string()).nullable(),
    allowed_providers: z.array(z.string()).nullable(),
    ignored_providers: z.array(z.string()).nullable(),
    enforce_zdr: z.boolean().nullable(),
    enforce_zdr_anthropic: z.boolean().nullable(),
    enforce_zdr_openai: z.boolean().nullable(),
    enforce_zdr_google: z.boolean().nullable(),
    enforce_zdr_xai: z.boolean().nullable(),
    enforce_zdr_other: z.boolean().nullable(),
    enable_paid_model_training: z.boolean().nullable(),
    enable_free_model_training: z.boolean().nullable(),
    enable_free_model_publication: z.boolean().nullable(),
    content_filters: z.null(),
    content_filter_builtins: z.null(),
    workspace_id: z.string().nullable(),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime().nullable(),
  })
  .meta({ id: "Guardrail" });

/** That a key has a guardrail. */
export const assignmentObject = z
  .object({
    id: z.uuid(),
    guardrail_id: z.uuid(),
    key_hash: z.string(),
    key_label: z.string(),
    key_name: z.string(),
    assigned_by: z.string().nullable(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: "GuardrailAssignment" });

export const toGuardrailObject = ({ rules, ...guardrail }: Guardrail): z.infer<typeof guardrailObject> => ({
  id: guardrail.id,
  name: guardrail.name,
  description: guardrail.description,
  limit_usd: guardrail.limitNano === null ? null : usdNumber(guardrail.limitNano),
  reset_interval: guardrail.reset === "none" ? null : guardrail.reset,
  include_byok_in_budgets: guardrail.countsByok,
  ...{ allowed_models: null, ignored_models: null, allowed_providers: null, ignored_providers: null },
  ...{ enforce_zdr: null, enforce_zdr_anthropic: null, enforce_zdr_openai: null, enforce_zdr_google: null },
  ...{ enforce_zdr_xai: null, enforce_zdr_other: null, enable_paid_model_training: null },
  ...{ enable_free_model_training: null, enable_free_model_publication: null },
  ...rules,
  ...{ content_filters: null, content_filter_builtins: null },
  workspace_id: guardrail.accountId,
  created_at: guardrail.createdAt.toISOString(),
  updated_at: guardrail.updatedAt?.toISOString() ?? null,
});

export const toAssignmentObject = (assignment: GuardrailAssignment): z.infer<typeof assignmentObject> => ({
  id: assignment.id,
  guardrail_id: assignment.guardrailId,
  key_hash: assignment.hash,
  key_label: assignment.label,
  key_name: assignment.name,
  assigned_by: null,
  created_at: assignment.createdAt.toISOString(),
});
