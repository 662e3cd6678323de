import { parentPort } from 'node:worker_threads';
import { type ExportRequest, exportText } from './export.ts';

/** A worker thread that writes what it is sent. */
parentPort?.on('message', (request: ExportRequest) => parentPort?.postMessage(exportText(request)));
