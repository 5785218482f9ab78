import { deleteByok, getByok, patchByok } from "@/lib/gateway/byok-api";
import { apiMethods } from "@/lib/http/api-methods";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({
  GET: getByok,
  PATCH: patchByok,
  DELETE: deleteByok,
});
