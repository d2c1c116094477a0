/**
 * Writes what the client knows of the REST API, from the OpenAPI 3.1 descriptions of the plugin and of the experiments:
 *
 *     npm run generate:client
 */
import { writeFile } from 'node:fs/promises';
import { clientSources } from './client/client-sources.js';

for (const { file, text } of await clientSources()) await writeFile(file, text);
