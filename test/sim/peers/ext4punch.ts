/*
 * In the notation of ../notation.ts: our own transcription of ext4punch.pml in shared/peers, one step for each of its atomic blocks. `done` counts
 * finished threads there; here the invariants at quiescence take its place.
 */
import { pages, pickPage } from './pages';

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
