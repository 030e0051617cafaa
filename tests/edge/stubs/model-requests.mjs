// What the real endpoints would say about a request: the rules that a client can break.

/** What is wrong with the request, or undefined. */
export function complaintAbout(protocol, headers, body) {
  if (!headers['content-type']?.startsWith('application/json')) return 'the content type must be application/json';
  if (typeof body.model !== 'string' || !body.model) return 'model: a name is required';
  if (!Array.isArray(body.messages) || body.messages.length === 0) return 'messages: at least one is required';
  return protocol === 'openai' ? openAi(body) : anthropic(headers, body);
}

function openAi(body) {
  const roles = ['system', 'developer', 'user', 'assistant'];
  if (!body.messages.every(({ role, content }) => roles.includes(role) && typeof content === 'string')) {
    return 'messages: each needs a known role and content';
  }
  const format = body.response_format;
  if (format?.type !== 'json_schema') return undefined;
  const { name, strict, schema } = format.json_schema ?? {};
  if (!/^[\w-]{1,64}$/.test(name ?? '')) return 'response_format.json_schema.name: a-z, A-Z, 0-9, _ and -, at most 64';
  return strict ? strictness(schema, 'schema') : undefined;
}

/** The rules of structured outputs (https://platform.openai.com/docs/guides/structured-outputs#supported-schemas). */
function strictness(schema, path) {
  if (schema === null || typeof schema !== 'object') return `${path}: not a schema`;
  const types = [schema.type].flat();
  if (types.includes('object')) {
    const names = Object.keys(schema.properties ?? {});
    if (schema.additionalProperties !== false) return `${path}: additionalProperties must be false`;
    const missing = names.find((name) => !schema.required?.includes(name));
    if (missing) return `${path}: '${missing}' must be in required`;
    return first(names, (name) => strictness(schema.properties[name], `${path}.${name}`));
  }
  if (types.includes('array')) return strictness(schema.items, `${path}[]`);
  if (schema.anyOf && path === 'schema') return 'schema: no anyOf at the root';
  if (schema.anyOf) return first(schema.anyOf, (each) => strictness(each, path));
  return schema.type ? undefined : `${path}: no type`;
}

/** Version 2023-06-01 of the Messages API, which is the one that we and compatible servers speak. */
function anthropic(headers, body) {
  if (headers['anthropic-version'] !== '2023-06-01') return 'anthropic-version: header is required';
  if (!headers['x-api-key']) return 'x-api-key: header is required';
  if (!Number.isInteger(body.max_tokens) || body.max_tokens < 1) return 'max_tokens: Field required';
  if ('temperature' in body) return '`temperature` is deprecated for this model.';
  if (!body.messages.every(({ role }) => ['user', 'assistant'].includes(role))) return 'messages: unexpected role';
  const tool = first(body.tools ?? [], (each) => (each.name === body.tool_choice?.name ? each : undefined));
  if (body.tool_choice?.type === 'tool' && !tool) return `tool_choice: no tool is called '${body.tool_choice.name}'`;
  if (tool && tool.input_schema?.type !== 'object') return 'tools.0.input_schema.type: must be object';
  return undefined;
}

/** The first result that is not undefined. */
function first(list, of) {
  for (const each of list) {
    const result = of(each);
    if (result !== undefined) return result;
  }
  return undefined;
}
