/*
 * Sequence counters: include/linux/seqlock.h. A reader retries when the count was odd or has changed.
 */

/* include/linux/seqlock.h: an odd count is not waited for here; the retry finds it. */
ATOMIC unsigned read_seqcount_begin(seqcount_t *s)
{
	return s->sequence;
}

/* include/linux/seqlock.h */
ATOMIC int read_seqcount_retry(seqcount_t *s, unsigned start)
{
	return (start & 1) || s->sequence != start;
}

/* include/linux/seqlock.h */
ATOMIC unsigned raw_read_seqcount(seqcount_t *s)
{
	return s->sequence;
}

/* include/linux/seqlock.h */
ATOMIC unsigned raw_seqcount_begin(seqcount_t *s)
{
	return s->sequence & ~1;
}

/* include/linux/seqlock.h: writers exclude one another by a lock of their own. */
ATOMIC void write_seqcount_begin(seqcount_t *s)
{
	CHECK("lost-data", !(s->sequence & 1), "two writers are in the sequence count's write side at once: readers may miss both");
	s->sequence = s->sequence + 1;
}

/* include/linux/seqlock.h */
ATOMIC void write_seqcount_end(seqcount_t *s)
{
	s->sequence = s->sequence + 1;
}

/* include/linux/seqlock.h */
ATOMIC void raw_write_seqcount_begin(seqcount_t *s)
{
	s->sequence = s->sequence + 1;
}

/* include/linux/seqlock.h */
ATOMIC void raw_write_seqcount_end(seqcount_t *s)
{
	s->sequence = s->sequence + 1;
}

/* include/linux/seqlock.h: readers in the middle retry. */
ATOMIC void write_seqcount_invalidate(seqcount_t *s)
{
	s->sequence = s->sequence + 2;
}

/* include/linux/seqlock.h */
ATOMIC unsigned read_seqbegin(seqlock_t *sl)
{
	return sl->seqcount.sequence;
}

/* include/linux/seqlock.h */
ATOMIC int read_seqretry(seqlock_t *sl, unsigned start)
{
	return (start & 1) || sl->seqcount.sequence != start;
}

ATOMIC void __seq_enter(seqlock_t *sl)
{
	sl->seqcount.sequence = sl->seqcount.sequence + 1;
}

/* include/linux/seqlock.h */
void write_seqlock(seqlock_t *sl)
{
	spin_lock(&sl->lock);
	__seq_enter(sl);
}

/* include/linux/seqlock.h */
ATOMIC void write_sequnlock(seqlock_t *sl)
{
	sl->seqcount.sequence = sl->seqcount.sequence + 1;
	spin_unlock(&sl->lock);
}

/* include/linux/seqlock.h */
void write_seqlock_irq(seqlock_t *sl)
{
	spin_lock_irq(&sl->lock);
	__seq_enter(sl);
}

/* include/linux/seqlock.h */
ATOMIC void write_sequnlock_irq(seqlock_t *sl)
{
	sl->seqcount.sequence = sl->seqcount.sequence + 1;
	spin_unlock_irq(&sl->lock);
}

/* include/linux/seqlock.h */
void write_seqlock_bh(seqlock_t *sl)
{
	spin_lock_bh(&sl->lock);
	__seq_enter(sl);
}

/* include/linux/seqlock.h */
ATOMIC void write_sequnlock_bh(seqlock_t *sl)
{
	sl->seqcount.sequence = sl->seqcount.sequence + 1;
	spin_unlock_bh(&sl->lock);
}

/* include/linux/seqlock.h */
void read_seqlock_excl(seqlock_t *sl)
{
	spin_lock(&sl->lock);
}

/* include/linux/seqlock.h */
void read_sequnlock_excl(seqlock_t *sl)
{
	spin_unlock(&sl->lock);
}

/* include/linux/seqlock.h */
void write_seqlock_irqsave(seqlock_t *sl, unsigned long flags)
{
	spin_lock_irqsave(&sl->lock, flags);
	__seq_enter(sl);
}

/* include/linux/seqlock.h */
ATOMIC void write_sequnlock_irqrestore(seqlock_t *sl, unsigned long flags)
{
	sl->seqcount.sequence = sl->seqcount.sequence + 1;
	spin_unlock_irqrestore(&sl->lock, flags);
}

/* include/linux/seqlock.h */
void read_seqlock_excl_bh(seqlock_t *sl)
{
	spin_lock_bh(&sl->lock);
}

/* include/linux/seqlock.h */
void read_sequnlock_excl_bh(seqlock_t *sl)
{
	spin_unlock_bh(&sl->lock);
}

/* include/linux/seqlock.h */
void read_seqlock_excl_irq(seqlock_t *sl)
{
	spin_lock_irq(&sl->lock);
}

/* include/linux/seqlock.h */
void read_sequnlock_excl_irq(seqlock_t *sl)
{
	spin_unlock_irq(&sl->lock);
}

/* include/linux/seqlock.h */
void read_seqlock_excl_irqsave(seqlock_t *sl, unsigned long flags)
{
	spin_lock_irqsave(&sl->lock, flags);
}

/* include/linux/seqlock.h */
void read_sequnlock_excl_irqrestore(seqlock_t *sl, unsigned long flags)
{
	spin_unlock_irqrestore(&sl->lock, flags);
}
