/** How long the first look-up of a definition in a tree takes, with nothing known, and each one after it. Usage: look-up-speed.mts [NEAR NAME...]; KERNEL_TREE names the tree. */
import { cpus, loadavg } from 'node:os';
import { DefinitionFinder } from '../analyzer/images/definitions';
import { treePort } from '../disk/tree-port';
import { kernelTree } from '../test/measure/kernel-tree';

const [near = 'drivers/net/veth.c', ...given] = process.argv.slice(2);
const tree = kernelTree();
if (tree === null) {
	console.log('skipped: there is no kernel tree (npm run linux)');
	process.exit(0);
}
const names = given.length ? given : ['netif_rx', 'kfree_skb_reason', 'mutex_lock', 'no_such_function', 'napi_schedule_prep', 'list_add', 'dev_get_stats', 'sk_buff', 'filemap_fault', 'queue_work_on'];
const finder = new DefinitionFinder(treePort(tree));
console.log(`milliseconds (processor time in brackets); ${cpus().length} processors, load ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}`);
for (const round of ['first', 'again']) {
	for (const name of names) {
		const [wall, used] = [performance.now(), process.cpuUsage()];
		const [found] = finder.find(name, near);
		const { user, system } = process.cpuUsage(used);
		console.log(`${round} ${name.padEnd(24)}${(performance.now() - wall).toFixed(1).padStart(9)} (${((user + system) / 1000).toFixed(1)})  ${found ? `${found.path}:${found.line}` : 'nowhere'}`);
	}
}
