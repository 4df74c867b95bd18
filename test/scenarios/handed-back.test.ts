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
const TWICE = ['fixes: refcount-underflow', 'introduces: refcount-underflow'];
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
`, TWICE));
	it('of what the second look-up begins behind', () => check(behind('np'), TWICE));
	it('of what it does not begin behind', () => check(behind('NULL'), [...LEAK].reverse()));
});

describe('the reference that comes with a find', () => {
	it('is dropped on the way out and behind it', () => check(`
 {
 	struct platform_device *pdev = of_find_device_by_node(q->np);
 	int ret;
 
 	if (!pdev)
 		return -ENODEV;
 	ret = quux_link(q, &pdev->dev);
 	if (ret) {
-		put_device(&pdev->dev);
+		pr_debug("not linked\\n");
 		goto out;
 	}
 	q->linked = true;
 out:
 	put_device(&pdev->dev);
 	return ret;
 }
`, TWICE));
	it('is one for each of two finds', () => check(`
 {
 	struct device_node *a, *b;
 	int ret = -ENODEV;
 
 	a = of_parse_phandle(q->np, "a", 0);
 	if (!a)
 		return -ENODEV;
 	b = of_parse_phandle(q->np, "b", 0);
 	if (!b)
 		goto put_a;
 	ret = quux_link(q, a, b);
+	if (ret)
+		goto put_b;
+	ret = quux_link(q, b, a);
+put_b:
 	of_node_put(b);
 put_a:
 	of_node_put(a);
 	return ret;
 }
`, NOTHING));
});

const among = (lines: string): string => `
 {
 	struct device_node *np;
 
${lines}
 	if (!np)
 		return -ENODEV;
 	q->first = of_property_present(np, "first");
 	of_node_put(np);
 	return 0;
 }
`;

describe('a look-up behind what a field keeps', () => {
	it('with a reference of its own', () => check(among('+	of_node_get(q->dev->of_node);\n 	np = of_find_node_by_name(q->dev->of_node, "nib");'), TWICE));
	it('that is asked for its child instead', () => check(among('-	np = of_find_node_by_name(q->dev->of_node, "nib");\n+	np = of_get_child_by_name(q->dev->of_node, "nib");'), TWICE));
	it('which then keeps what is found', () => check(`
 {
 	q->np = of_find_node_by_name(q->np, "nib");
 	if (!q->np)
-		return -ENODEV;
+		return -ENOENT;
 	return 0;
 }
`, NOTHING));
});
