// Opens a site's docs API with the RegistryClient of the npm package @opentofu/opentofu-mcp-server and prints what it
// read. Arguments: folder that holds node_modules, base URL, calls as JSON {name: [method, ...arguments]}.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, base, calls] = process.argv.slice(2);
const file = join(folder, "node_modules/@opentofu/opentofu-mcp-server/dist/registry/index.js");
const { RegistryClient } = await import(pathToFileURL(file));
const client = new RegistryClient(base);

const read = {};
for (const [name, [method, ...given]] of Object.entries(JSON.parse(calls))) {
  read[name] = await client[method](...given).catch((error) => error.message);
}
console.log(JSON.stringify(read));
