// SPDX-License-Identifier: Apache-2.0
//
// grpc-js has no client-side health checking of its own: this client keeps a Watch of grpc-health-check's
// service open to each backend and calls those that serve, in turn.
//   node client.js PROTO_FOLDER PACE_MS TARGET...
// Prints a line of JSON for each call: {"t": Unix time, "who": target, or "error": text}.
'use strict';

const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const health = require('grpc-health-check');

const [folder, pace, ...targets] = process.argv.slice(2);
const candor = grpc.loadPackageDefinition(
  loader.loadSync('candor/v1/node_health.proto', { includeDirs: [folder] })).candor.v1;
const insecure = grpc.credentials.createInsecure();
const Health = grpc.makeGenericClientConstructor(health.service, 'grpc.health.v1.Health');

const backends = targets.map((target) => ({ target, serves: false, node: new candor.NodeHealth(target, insecure) }));

function watch(backend) {
  const stream = new Health(backend.target, insecure).watch({ service: 'media' });
  stream.on('data', (answer) => { backend.serves = answer.status === 'SERVING'; });
  stream.on('error', () => { backend.serves = false; });
}

function say(event) {
  process.stdout.write(JSON.stringify({ t: Date.now() / 1000, ...event }) + '\n');
}

let turn = 0;
function call() {
  const serving = backends.filter((backend) => backend.serves);
  if (serving.length === 0) return;
  const backend = serving[turn++ % serving.length];
  const t = Date.now() / 1000;
  backend.node.getInfo({}, { deadline: Date.now() + 2000 }, (error) => {
    say(error ? { t, error: error.message } : { t, who: backend.target });
  });
}

backends.forEach(watch);
setInterval(call, Number(pace));
