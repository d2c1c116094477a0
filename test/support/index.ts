export { apiClient, type ApiAnswer, type ApiBody, type ApiClient } from './api-client.js';
export { bootMaster, type TestMaster } from './boot-master.js';
export { makeDataDir, startMasterProcess, type MasterProcess } from './master-process.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
export { testServer, type TestServer } from './test-server-address.js';
