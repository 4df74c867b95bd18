/*
 * In the notation of ../notation.ts: our own transcription of nopage.pml in shared/peers, one step for each of its atomic blocks. `done` counts
 * finished threads there; here the invariants at quiescence take its place.
 */
import { pages, pickPage } from './pages';

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
