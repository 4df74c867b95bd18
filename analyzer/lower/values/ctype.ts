/** A C type as far as the lowering needs it: the name at its root, and how many times it is pointed to. */
export interface CType {
	/** `page` for `struct page`, `int`, `spinlock_t`; `?` when unknown. */
	readonly base: string;
	readonly pointer: number;
	/** Written `struct X` or `union X`. */
	readonly struct: boolean;
	readonly array?: boolean;
}

export const UNKNOWN: CType = { base: '?', pointer: 0, struct: false };
export const INT: CType = { base: 'int', pointer: 0, struct: false };

const QUALIFIERS = /\b(?:const|volatile|static|extern|inline|register|restrict|__restrict|signed|__always_inline|noinline|typeof|_Atomic)\b/g;
const SCALARS = new Set([
	'int', 'unsigned', 'long', 'short', 'char', 'void', 'bool', '_Bool', 'float', 'double', 'size_t', 'ssize_t', 'loff_t', 'off_t', 'pgoff_t', 'sector_t',
	'u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64', '__u8', '__u16', '__u32', '__u64', '__le16', '__le32', '__le64', '__be16', '__be32', '__be64',
	'gfp_t', 'vm_fault_t', 'dma_addr_t', 'phys_addr_t', 'irqreturn_t', 'umode_t', 'dev_t', 'pid_t', 'blk_status_t', 'netdev_tx_t', 'uintptr_t', 'intptr_t',
	'vm_flags_t', 'pgprot_t', 'ktime_t', 'time64_t', 'fmode_t', 'blkcnt_t', 'ino_t', 'uid_t', 'gid_t', 'uint', 'ulong', 'uint8_t', 'uint16_t', 'uint32_t', 'uint64_t',
]);

/** Types that are remembered; code writes few. */
const REMEMBERED_BOUND = 4096;
const remembered = new Map<string, CType>();

/** `const struct page **` → { base: page, pointer: 2, struct: true }. */
export function parseType(text: string, declarator = ''): CType {
	const key = declarator === '' ? text : `${text}\n${declarator}`;
	let type = remembered.get(key);
	if (type === undefined) {
		if (remembered.size >= REMEMBERED_BOUND) remembered.clear();
		type = readType(text, declarator);
		remembered.set(key, type);
	}
	return type;
}

function readType(text: string, declarator: string): CType {
	const written = `${text} `.replace(QUALIFIERS, ' ');
	const stars = (written.match(/\*/g) ?? []).length + (declarator.match(/^[\s(]*(\*[\s*]*)/)?.[1]?.match(/\*/g) ?? []).length;
	const array = /\[/.test(declarator) || /\[/.test(text);
	const tagged = /\b(struct|union|enum)\s+([A-Za-z_][\w:<> ]*)/.exec(written);
	if (tagged) {
		const base = (tagged[2] ?? '?').trim();
		return { base: tagged[1] === 'enum' ? 'int' : base, pointer: stars, struct: tagged[1] !== 'enum', array };
	}
	const name = written.replace(/[*[\]()]/g, ' ').trim().split(/\s+/).filter((word) => word && !/^\d/.test(word)).at(-1) ?? '?';
	return { base: name || '?', pointer: stars, struct: false, array };
}

export const isScalar = (type: CType): boolean => type.pointer === 0 && !type.struct && (SCALARS.has(type.base) || type.base === '?');
export const isPointer = (type: CType): boolean => type.pointer > 0;
export const pointee = ({ base, pointer, struct }: CType): CType => ({ base, pointer: Math.max(0, pointer - 1), struct, array: false });
export const pointerTo = ({ base, pointer, struct }: CType): CType => ({ base, pointer: pointer + 1, struct, array: false });
export const known = (type: CType | undefined): type is CType => type !== undefined && type.base !== '?' && type.base !== 'void';
