import 'reflect-metadata';
import { Logger, VersioningType } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule);
app.setGlobalPrefix('lab');
app.enableVersioning({ type: VersioningType.URI, defaultVersion: '2' });
await app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
new Logger('Host').log(`Listening on ${await app.getUrl()}`);
