/** `npm run fuzz -- --messages 1000000`: the long run of the fuzzer against a real relay process. */
import { parseArgs } from 'node:util';
import { fuzz } from '../../relay/testing/fuzz/fuzz.ts';
import { startRelayProcess } from '../../relay/testing/process.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    socket: { type: 'string', default: 'uws' },
  },
});
const [messages, seed] = [Number(values.messages), Number(values.seed)];
console.log(`${messages} messages over ${values.socket}, seed ${seed}`);

const relay = await startRelayProcess({ OSP_SOCKET: values.socket });
let tenths = 0;
const startedMs = performance.now();
const result = await fuzz(relay, {
  messages,
  seed,
  onProgress: (sent) => {
    if (sent < (tenths + 1) * (messages / 10)) return;
    tenths = Math.floor(sent / (messages / 10));
    console.log(`${sent} sent after ${Math.round((performance.now() - startedMs) / 1000)} s`);
  },
});
await relay.stop();
console.log(JSON.stringify(result, null, 2));
const { heapBytes, files, faults, witness } = result;
const isHeld = heapBytes.late < heapBytes.early * 1.1 + 4e6 && files.late <= files.early + 2;
process.exitCode = isHeld && faults.length === 0 && witness.faults.length === 0 ? 0 : 1;
