/* One large configuration of `npm run bench` in a process of its own; prints its cost as JSON. Arguments: faulters, slots, whether reduced, runs. */
import { explore } from '../sim/index.ts';
import { program } from '../test/sim/notation.ts';
import { faulttrunc } from '../test/sim/peers/families.ts';
import type { Cost } from './spin.mts';

const [faulters, slots, reduced, runs] = process.argv.slice(2);
const p = program(faulttrunc({ faulters: Number(faulters), slots: Number(slots) }));
let cost: Cost | undefined;
for (let run = 0; run < Number(runs); run++) {
	const before = process.cpuUsage();
	const e = explore(p, { reduction: reduced === 'true', count: false, bounds: { states: 60e6, milliseconds: 600_000, megabytes: 4096 } });
	const { user, system } = process.cpuUsage(before);
	cost = { cpu: (user + system) / 1e6, states: e.states, megabytes: process.resourceUsage().maxRSS / 1024, verdict: e.verdict };
}
console.log(JSON.stringify(cost));
