import { beforeAll, describe, expect, it } from 'vitest';
import type { Analyzer } from '../../analyzer/engine';
import { sourceAnalyzer } from '../measure/engine';
import { saidBothWays } from './hunk-mail';

/** Look-ups that give back the reference of what they go on behind: each patch, without a word of why, and its revert. The names are made up. */
let analyzer: Analyzer;
beforeAll(async () => {
	analyzer = await sourceAnalyzer();
});

const LEAK = ['fixes: refcount-leak', 'introduces: refcount-leak'];
const NOTHING = ['no-failure', 'no-failure'];

async function check(hunk: string, expected: readonly string[]): Promise<void> {
	expect(await saidBothWays(analyzer, 'static int quux_scan(struct quux *q)', hunk)).toEqual(expected);
}

const stops = (declared: string, next: string, asks: string, put: string): string => `
 {
 	${declared};
 
 	while ((at = ${next})) {
-		if (${asks})
+		if (${asks}) {
+			${put}(at);
 			return -EBUSY;
+		}
 		q->found++;
 	}
 	return 0;
 }
`;

describe('a walk that is left in the middle', () => {
	it('over devices', () => check(stops('struct pci_dev *at = NULL', 'pci_get_device(q->vendor, PCI_ANY_ID, at)', 'quux_taken(q, at->devfn)', 'pci_dev_put'), LEAK));
	it('over nodes', () => check(stops('struct device_node *at = NULL', 'of_get_next_child(q->np, at)', 'of_property_present(at, "busy")', 'of_node_put'), LEAK));
	it('over firmware nodes', () => check(stops('struct fwnode_handle *at = NULL', 'fwnode_get_next_child_node(q->fwnode, at)', 'fwnode_property_present(at, "busy")', 'fwnode_handle_put'), LEAK));
	it('and by its iterator does the same', () => check(`
 {
 	struct device_node *at;
 
-	for (at = of_find_node_by_name(NULL, "nib"); at; at = of_find_node_by_name(at, "nib")) {
+	for_each_node_by_name(at, "nib") {
 		if (of_property_present(at, "busy")) {
 			of_node_put(at);
 			return -EBUSY;
 		}
 		q->found++;
 	}
 	return 0;
 }
`, NOTHING));
});

const behind = (from: string): string => `
 {
 	struct device_node *np, *next;
 
 	np = of_find_compatible_node(NULL, NULL, "quux,nib");
 	if (!np)
 		return -ENODEV;
 	q->first = of_property_present(np, "first");
-	of_node_put(np);
 	next = of_find_compatible_node(${from}, NULL, "quux,cap");
 	if (!next)
 		return -ENODEV;
 	q->second = of_property_present(next, "second");
 	of_node_put(next);
 	return 0;
 }
`;

describe('a drop that is taken away', () => {
	it('in each round, of what the next one gives back', () => check(`
 {
 	struct pci_dev *at = NULL;
 
 	while ((at = pci_get_device(q->vendor, PCI_ANY_ID, at))) {
 		q->found++;
-		pci_dev_put(at);
 	}
 	return 0;
 }
`, ['fixes: use-after-free', 'introduces: use-after-free']));
	it('of what the second look-up begins behind', async () => {
		const [taken] = await saidBothWays(analyzer, 'static int quux_scan(struct quux *q)', behind('np'));
		expect(taken).not.toMatch(/introduces/);
	});
	it('of what it does not begin behind', () => check(behind('NULL'), [...LEAK].reverse()));
});
