// Opens a rendered tree with the RegistryClient of the npm package @opentofu/opentofu-mcp-server and prints what it read.
// Arguments: folder that holds node_modules, base URL.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, base] = process.argv.slice(2);
const file = join(folder, "node_modules/@opentofu/opentofu-mcp-server/dist/registry/index.js");
const { RegistryClient } = await import(pathToFileURL(file));
const client = new RegistryClient(base);

const failed = async (promise) => promise.then(() => "", (error) => error.message);

console.log(
  JSON.stringify({
    providers: await client.getProviderList(),
    modules: await client.getModuleList(),
    provider: await client.getProviderDetails("acme", "garden"),
    build: await client.getProviderDetails("acme", "build"),
    withheld: await client.getProviderDetails("acme", "withheld"),
    module: await client.getModuleDetails("acme", "vpc", "cloud"),
    resource: await client.getResourceDocs("acme", "garden", "my_r"),
    dataSource: await client.getDataSourceDocs("acme", "garden", "my_d", "v1.0.0"),
    buildResource: await client.getResourceDocs("acme", "build", "my_r"),
    missing: await failed(client.getResourceDocs("acme", "garden", "none")),
  }),
);
