/** Iterator macros over containers: which argument is what, and the models that walk the container. Source: include/linux/{list,rculist,hashtable,xarray,idr,klist,llist}.h. */
export interface IteratorShape {
	readonly name: RegExp;
	readonly args?: number;
	/** The argument is a plain name: no condition under which the walk is let. */
	readonly plain?: number;
	readonly position: number;
	readonly head: number;
	readonly member?: number;
	/** The next element is looked up before the body runs. */
	readonly safe: boolean;
	readonly node: string;
	readonly first: string;
	readonly next: string;
	/** The position is NULL after the last (hlist, xarray), not the head's container. */
	readonly nullAtEnd: boolean;
	/** The head argument is the container itself, not a pointer to it. */
	readonly whole?: boolean;
}

const list = { node: 'list_head', first: '__list_first', next: '__list_next', nullAtEnd: false };
const hlist = { node: 'hlist_node', first: '__hlist_first', next: '__hlist_next', nullAtEnd: true };
const llist = { node: 'llist_node', first: '__llist_first', next: '__llist_next', nullAtEnd: true };

/** First match wins. */
const ITERATORS: readonly IteratorShape[] = [
	{ ...list, name: /^list_for_each_entry_safe(_reverse|_continue|_from)?$/, position: 0, head: 2, member: 3, safe: true },
	{ ...list, name: /^list_for_each_entry(_rcu|_reverse|_lockless|_srcu|_continue|_continue_rcu|_from|_from_rcu|_continue_reverse)?$/, position: 0, head: 1, member: 2, safe: false },
	{ ...list, name: /^list_for_each(_prev)?_safe$/, position: 0, head: 2, safe: true },
	{ ...list, name: /^(__)?list_for_each(_prev|_rcu|_continue)?$/, position: 0, head: 1, safe: false },
	{ ...hlist, name: /^hlist(_nulls|_bl)?_for_each_entry_safe$/, args: 5, position: 0, head: 3, member: 4, safe: true },
	{ ...hlist, name: /^hlist(_nulls|_bl)?_for_each_entry_safe$/, position: 0, head: 2, member: 3, safe: true },
	{ ...hlist, name: /^hlist_(nulls|bl)_for_each_entry(_rcu|_from)?$/, position: 0, head: 2, member: 3, safe: false },
	{ ...hlist, name: /^hlist_for_each_entry(_rcu)?$/, args: 4, plain: 3, position: 0, head: 2, member: 3, safe: false },
	{ ...hlist, name: /^hlist_for_each_entry(_rcu(_bh|_notrace)?|_srcu|_from|_continue.*)?$/, position: 0, head: 1, member: 2, safe: false },
	{ ...hlist, name: /^hlist_for_each(_safe)?$/, position: 0, head: 1, safe: false },
	{ ...hlist, name: /^hash_for_each_possible(_rcu.*)?$/, position: 1, head: 0, member: 2, safe: false, whole: true },
	{ ...hlist, name: /^hash_for_each_possible_safe$/, position: 1, head: 0, member: 3, safe: true, whole: true },
	{ ...hlist, name: /^hash_for_each(_rcu)?$/, position: 2, head: 0, member: 3, safe: false, whole: true },
	{ ...hlist, name: /^hash_for_each_safe$/, position: 3, head: 0, member: 4, safe: true, whole: true },
	{ ...llist, name: /^llist_for_each_entry_safe$/, position: 0, head: 2, member: 3, safe: true },
	{ ...llist, name: /^llist_for_each_entry$/, position: 0, head: 1, member: 2, safe: false },
	{ name: /^xa_for_each(_start|_range|_marked)?$/, position: 2, head: 0, safe: false, node: 'void', first: '__xa_first', next: '__xa_next', nullAtEnd: true },
	{ name: /^idr_for_each_entry(_ul|_continue.*)?$/, position: 1, head: 0, safe: false, node: 'void', first: '__idr_first', next: '__idr_next', nullAtEnd: true },
];

/** The iterator of that name, called with these arguments. */
export const iteratorOf = (name: string, args: readonly string[]): IteratorShape | undefined => ITERATORS.find((each) => each.name.test(name) && (each.args === undefined || each.args === args.length)
	&& (each.plain === undefined || /^(?!true$|false$)[A-Za-z_]\w*$/.test(args[each.plain]?.trim() ?? '')));

/** Fields of containers that code may read itself, and the model that knows what is there. */
export const LINKS: ReadonlyMap<string, string> = new Map([['list_head.next', '__list_following']]);

/** Iterators that hold a reference on where they are: which argument that is, its type, and what takes and drops it. Source: include/linux/{of,of_graph,property,pci}.h. */
export interface CountedShape {
	readonly name: RegExp;
	readonly position: number;
	readonly type: string;
	readonly take: string;
	readonly drop: string;
}

const node = { type: 'device_node', take: 'of_node_get', drop: 'of_node_put' };
export const COUNTED: readonly CountedShape[] = [
	{ ...node, name: /^for_each_(available_|reserved_)?child_of_node(_with_prefix)?(_scoped)?$/, position: 1 },
	{ ...node, name: /^for_each_(endpoint_of_node|of_graph_port|of_graph_port_endpoint)(_scoped)?$/, position: 1 },
	{ ...node, name: /^for_each_(node_by_name|node_by_type|compatible_node|matching_node|matching_node_and_match|node_with_property|of_cpu_node)(_scoped)?$/, position: 0 },
	{ name: /^(fwnode|device)_for_each_(available_|named_)?child_node(_scoped)?$/, position: 1, type: 'fwnode_handle', take: 'fwnode_handle_get', drop: 'fwnode_handle_put' },
	{ name: /^for_each_pci_dev$/, position: 0, type: 'pci_dev', take: 'pci_dev_get', drop: 'pci_dev_put' },
];

/** A walk over entries of a container moves it in this text: it points at a struct, whatever its name. */
export const isEntry = (name: string, text: string): boolean => [...text.matchAll(/\b(\w*for_each\w*)\s*\(([^()]*)\)/g)].some(([, macro = '', args = '']) => {
	const given = args.split(',').map((arg) => arg.trim());
	const walk = iteratorOf(macro, given);
	return walk?.member !== undefined && given[walk.position] === name;
});

/** The struct of a variable that such an iterator moves in this text, or of a container that one walks. */
export function iteratedType(name: string, text: string): string | undefined {
	for (const [, macro = '', args = ''] of text.matchAll(/\b(\w*for_each\w*)\s*\(([^()]*)\)/g)) {
		const given = args.split(',').map((arg) => arg.trim());
		const shape = COUNTED.find((each) => each.name.test(macro));
		if (shape && given[shape.position] === name) return shape.type;
		const walk = iteratorOf(macro, given);
		if (walk && !walk.whole && walk.node !== 'void' && given[walk.head] === name) return walk.node.replace(/_node$/, '_head');
	}
	return undefined;
}
