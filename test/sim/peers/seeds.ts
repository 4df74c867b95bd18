/*
 * The races of the seeds in the notation of ../notation.ts: our own transcription of the Promela models in shared/peers, one step
 * for each of their atomic blocks. `done` counts finished threads there; here the invariants at quiescence take its place.
 */

export interface GupOptions {
	readonly recheck: boolean;
	readonly waitBusy: boolean;
}

/** Fast page pinning against truncation, and a second file that gets the freed block (gup.pml). */
export const gup = ({ recheck, waitBusy }: GupOptions): string => `
cells pmd=1 ref=1 ext=1 owner=1 disk=0 irqoff=0 m=0 done=0
thread G
	store irqoff 1
	load p pmd
	eq p p 0
	if p goto slow
	rmw ref add 1
	${recheck ? 'load p pmd\n eq p p 0\n if p goto undo' : ''}
	store irqoff 0
dma:
	load o owner
	eq o o 1
	assert o block-reused the device writes to a block that the file gave up
	+ store disk 1
	rmw ref sub 1
	+ rmw done add 1
	end
undo:
	${recheck ? 'rmw ref sub 1' : ''}
slow:
	store irqoff 0
sl:
	await m ge 0
	+ rmw m add 1
	load e ext
	eq e e 0
	if e goto efault
	+ store pmd 1
	rmw m sub 1
	load p pmd
	eq p p 0
	if p goto sl
	+ rmw ref add 1
	goto dma
efault:
	rmw m sub 1
	+ rmw done add 1
	end
thread T
again:
	await m eq 0
	+ store m -1
	store pmd 0
	${waitBusy ? 'load r ref\n gt r r 1\n if r goto busy' : ''}
	store ext 0
	store owner 0
	store m 0
	+ rmw done add 1
	end
	${waitBusy ? 'busy:\n store m 0\n await ref eq 1\n goto again' : ''}
thread A
	await owner eq 0
	+ store owner 2
	store disk 2
	+ rmw done add 1
end:
	load p pmd
	eq p p 0
	load e ext
	or e e p
	assert e stale-mapping the page is mapped although it left the file
	load d disk
	eq d d 2
	assert d lost-data the new owner's data is overwritten
	load r ref
	eq r r 1
	assert r assertion the count is balanced
`;

/** A DAX write over a hole against reads through a mapping (dax.pml). 0: before the patch; 1: as mailed; 2: entry lock first. */
export const dax = (post: 0 | 1 | 2): string => {
	const grab = 'await elk eq 0\n + store elk 1';
	const begin = 'load seen ext';
	const fault = (back: string): string => `
	${post === 2 ? `${grab}\n ${begin}` : `${begin}\n ${grab}`}
	* eq h seen 0
	if h goto hole${back}
	+ store ent 1
	goto map${back}
hole${back}:
	+ store ent 2
map${back}:
	load p pte
	ne p p 3
	if p goto put${back}
	+ load e ent
	+ store pte e
put${back}:
	store elk 0
	goto ${back}`;
	return `
cells ent=3 elk pte=3 ext data wdone done
thread R1
a:
	load p pte
	eq p p 3
	if p goto fault
	+ rmw done add 1
	end
fault:
	${fault('a')}
thread W
	store ext 1
	${post > 0 ? `await elk eq 0
	+ load e ent
	eq e e 3
	if e goto copy
	+ store elk 1
	store pte 3
	store ent 3
	+ store elk 0` : ''}
copy:
	store data 1
	store wdone 1
	+ rmw done add 1
thread R2
	await wdone eq 1
b:
	load p pte
	eq q p 3
	if q goto fault
	eq q p 1
	assert q lost-data the read does not see the data written before
	+ load d data
	eq d d 1
	assert d lost-data the read does not see the data written before
	+ rmw done add 1
	end
fault:
	${fault('b')}
end:
	load p pte
	eq z p 2
	load x ext
	eq x x 1
	and z z x
	eq z z 0
	assert z stale-mapping a zero page is mapped over a block
	eq m p 3
	load e ent
	eq e e p
	or m m e
	assert m stale-mapping what is mapped is not what the slot holds
`;
};

const pages = (count: number, fields: string): string =>
	Array.from({ length: count }, (_, i) => `object P${i} ${i === 0 ? fields : fields.replaceAll(/=\S+/g, '')}`).join('\n');

/** Takes the first page without references into register p: rides along. */
const pickPage = (last: number): string => `
	${Array.from({ length: last }, (_, i) => `+ load r P${i}.ref\n set p &P${i}\n eq r r 0\n if r goto picked`).join('\n')}
	set p &P${last}
picked:`;

/** A shared write fault against a hole punch, and another file that gets the freed block (ext4punch.pml). */
export const ext4punch = (post: boolean): string => {
	const downRead = post ? 'await sem ge 0\n + rmw sem add 1' : '';
	const upRead = post ? 'rmw sem sub 1' : '';
	const zap = (label: string): string => `
	load e pte
	eq n e 0
	if n goto ${label}
	+ rmw e.ref sub 1
	+ store e.mapped 0
	+ store pte 0
${label}:`;
	const truncate = (a: string): string => `
	${zap(`${a}zapped`)}
	load q cache
	eq n q 0
	if n goto ${a}1
	+ rmw q.ref add 1
	await q.plk eq 0
	+ store q.plk 1
	load n q.mapping
	eq n n 0
	if n goto ${a}2
	load n q.mapped
	eq n n 0
	if n goto ${a}3
	${zap(`${a}zapped2`)}
${a}3:
	store q.dirty 0
	+ store q.mapping 0
	+ store cache 0
	+ rmw q.ref sub 1
${a}2:
	store q.plk 0
	rmw q.ref sub 1
	set q 0
${a}1:`;
	return `
object B0 owner=1 disk
object B1 owner disk
${pages(3, 'ref=1 plk mapping=1 mapped dirty blk=&B0')}
cells cache=&P0 pte ext=&B0 dsem sem
thread F
again:
	${downRead}
find:
	load p cache
	eq n p 0
	if n goto nocache
	+ rmw p.ref add 1
	await p.plk eq 0
	+ store p.plk 1
	load n p.mapping
	eq n n 0
	if n goto retryf
	${upRead}
	store p.plk 0
	${downRead}
	await p.plk eq 0
	+ store p.plk 1
	load n p.mapping
	eq n n 0
	if n goto retrym
	await dsem eq 0
	+ load b p.blk
	if b goto hasblock
	+ store ext &B1
	+ store B1.owner 1
	+ store p.blk &B1
hasblock:
	+ store p.dirty 1
	${upRead}
	load n pte
	if n goto mappedalready
	+ store pte p
	+ store p.mapped 1
mappedalready:
	store p.plk 0
	load n pte
	ne n n p
	if n goto again
	load p cache
	eq n p 0
	if n goto fin
	+ rmw p.ref add 1
	await p.plk eq 0
	+ store p.plk 1
	load n p.mapping
	eq n n 0
	if n goto wskip
	+ load n p.dirty
	eq n n 0
	if n goto wskip
	+ store p.dirty 0
	load b p.blk
	+ load o b.owner
	eq o o 1
	assert o block-reused a dirty page is written to a block that the file gave up
	+ store b.disk 1
wskip:
	store p.plk 0
	rmw p.ref sub 1
fin:
	* end
retryf:
	store p.plk 0
	rmw p.ref sub 1
	goto find
retrym:
	store p.plk 0
	${upRead}
	rmw p.ref sub 1
	goto again
nocache:
	* set p 0
	${pickPage(2)}
	+ store p.ref 2
	+ store p.mapping 1
	+ store p.mapped 0
	+ store p.dirty 0
	+ store p.blk 0
	+ store cache p
	+ store p.plk 1
	await dsem eq 0
	+ load b ext
	+ store p.blk b
	load b p.blk
	eq n b 0
	if n goto readdone
	+ load o b.owner
	eq o o 1
	assert o block-reused a block is read that the file gave up
readdone:
	store p.plk 0
	rmw p.ref sub 1
	goto find
thread P
	${post ? 'await sem eq 0\n + store sem -1' : ''}
	${truncate('a')}
	await dsem eq 0
	+ store dsem 1
	store ext 0
	store B0.owner 0
	store dsem 0
	${post ? '' : truncate('b')}
	${post ? 'store sem 0' : ''}
	* end
thread A
	await B0.owner eq 0
	+ store B0.owner 2
	store B0.disk 2
end:
	load d B0.disk
	eq d d 2
	assert d lost-data the new owner's data is overwritten
	load e pte
	eq n e 0
	if n goto unmapped
	load c cache
	eq c c e
	load n e.mapping
	and n n c
	assert n stale-mapping a page is mapped that left the cache
unmapped:
	load c cache
	eq n c 0
	if n goto empty
	load b c.blk
	eq n b 0
	if n goto empty
	load o b.owner
	eq o o 1
	assert o block-reused a cached page stands for a block that the file gave up
empty:
`;
};

/** Two page faults against an invalidation of the page cache (nopage.pml). */
export const nopage = (post: boolean): string => {
	const alive = '+ load n p.ref\n gt n n 0\n assert n use-after-free a page without references is used';
	const zap = (i: number, label: string): string => `
	await ptl${i} eq 0
	+ store ptl${i} 1
	load e pte${i}
	eq n e 0
	if n goto ${label}
	+ rmw e.mapcnt sub 1
	+ rmw e.ref sub 1
	+ store pte${i} 0
${label}:
	store ptl${i} 0`;
	const unmap = `
	rmw tcount add 1
	${zap(0, 'z0')}
	${zap(1, 'z1')}`;
	const fault = (i: number): string => `
thread F${i}
again:
	${post ? '' : 'load seq tcount'}
find:
	load p cache
	eq n p 0
	if n goto nocache
	+ rmw p.ref add 1
	${post ? `await p.plk eq 0\n ${alive}\n + store p.plk 1\n load n p.mapping\n eq n n 0\n if n goto relock` : ''}
	await ptl${i} eq 0
	+ store ptl${i} 1
	${post ? '' : 'load n tcount\n ne n n seq\n if n goto backout'}
	load n p.ref
	gt n n 0
	assert n use-after-free a page without references is used
	+ load got pte${i}
	eq got got 0
	eq n got 0
	if n goto mapped
	+ store pte${i} p
	+ rmw p.mapcnt add 1
mapped:
	store ptl${i} 0
	${post ? 'store p.plk 0' : ''}
	* eq n got 1
	if n goto finish
	+ rmw p.ref sub 1
finish:
	${post ? '' : 'set z seq\n ge z z 0\n assert z'}
	end
	${post ? '' : `backout:
	store ptl${i} 0
	rmw p.ref sub 1
	goto again`}
	${post ? `relock:
	store p.plk 0
	rmw p.ref sub 1
	goto again` : ''}
nocache:
	* set p 0
	${pickPage(3)}
	+ store p.ref 1
	+ store p.mapping 0
	+ store p.mapcnt 0
	load n cache
	if n goto lost
	+ store cache p
	+ store p.mapping 1
	+ rmw p.ref add 1
lost:
	rmw p.ref sub 1
	goto find`;
	return `
${pages(4, 'ref=1 plk mapping=1 mapcnt')}
cells cache=&P0 pte0 pte1 ptl0 ptl1 tcount
${fault(0)}
${fault(1)}
thread V
	load p cache
	eq n p 0
	if n goto out
	+ rmw p.ref add 1
	await p.plk eq 0
	+ store p.plk 1
	load n p.mapping
	eq n n 0
	if n goto unl
	load n p.mapcnt
	eq n n 0
	if n goto nomap
loop:
	${unmap}
	${post ? '' : '* load n p.mapcnt\n gt n n 0\n if n goto loop'}
nomap:
	${post ? '* load n p.mapcnt\n eq n n 0\n assert n assertion BUG_ON(page_mapped(page))\n' : ''} store p.mapping 0
	+ store cache 0
	rmw p.ref sub 1
unl:
	store p.plk 0
	rmw p.ref sub 1
out:
	* end
end:
	load c cache
	${[0, 1].map((i) => `load e pte${i}
	eq n e 0
	if n goto fine${i}
	eq x e c
	load n e.mapping
	and n n x
	assert n stale-mapping a page is mapped that left the cache
fine${i}:`).join('\n')}
`;
};
