// Writers of a sequence count exclude one another by a lock: the seqlock's own, or they do not.
// simulate: write_both write_both_too
// simulate: write_bare write_bare_too
#include <linux/seqlock.h>

struct pair {
	seqlock_t lock;
	seqcount_t bare;
	int left;
	int right;
};

void write_both(struct pair *pair)
{
	write_seqlock(&pair->lock);
	WRITE_ONCE(pair->left, 1);
	WRITE_ONCE(pair->right, 1);
	write_sequnlock(&pair->lock);
}

void write_both_too(struct pair *pair)
{
	write_seqlock(&pair->lock);
	WRITE_ONCE(pair->left, 2);
	WRITE_ONCE(pair->right, 2);
	write_sequnlock(&pair->lock);
}

void write_bare(struct pair *pair)
{
	write_seqcount_begin(&pair->bare);
	WRITE_ONCE(pair->left, 1);
	write_seqcount_end(&pair->bare);
}

void write_bare_too(struct pair *pair)
{
	write_seqcount_begin(&pair->bare);
	WRITE_ONCE(pair->left, 2);
	write_seqcount_end(&pair->bare);
}
