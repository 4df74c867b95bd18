/*
 * Counts that are dropped together with taking a lock, or changed on a condition: include/linux/kref.h, lib/refcount.c,
 * lib/dec_and_lock.c, include/linux/atomic/atomic-arch-fallback.h. The plain ones are rows of the table.
 */

/* lib/refcount.c */
ATOMIC bool refcount_dec_not_one(refcount_t *r)
{
	if (refcount_read(r) == 1)
		return 0;
	refcount_dec(r);
	return 1;
}

/* lib/refcount.c */
bool refcount_dec_and_mutex_lock(refcount_t *r, struct mutex *lock)
{
	if (refcount_dec_not_one(r))
		return 0;
	mutex_lock(lock);
	if (!refcount_dec_and_test(r)) {
		mutex_unlock(lock);
		return 0;
	}
	return 1;
}

/* lib/refcount.c */
bool refcount_dec_and_lock(refcount_t *r, spinlock_t *lock)
{
	if (refcount_dec_not_one(r))
		return 0;
	spin_lock(lock);
	if (!refcount_dec_and_test(r)) {
		spin_unlock(lock);
		return 0;
	}
	return 1;
}

/* lib/refcount.c */
bool refcount_dec_and_lock_irqsave(refcount_t *r, spinlock_t *lock, unsigned long *flags)
{
	if (refcount_dec_not_one(r))
		return 0;
	spin_lock_irqsave(lock, *flags);
	if (!refcount_dec_and_test(r)) {
		spin_unlock_irqrestore(lock, *flags);
		return 0;
	}
	return 1;
}

/* include/linux/refcount.h: takes one and tells what was there. */
ATOMIC bool __refcount_inc_not_zero(refcount_t *r, int *oldp)
{
	int old = refcount_read(r);

	*oldp = old;
	if (!old)
		return 0;
	refcount_inc(r);
	return 1;
}

/* include/linux/kref.h. The release gives the lock back: one that nobody shows does so too. */
int kref_put_mutex(struct kref *kref, void (*release)(struct kref *kref), struct mutex *lock)
{
	if (refcount_dec_and_mutex_lock(&kref->refcount, lock)) {
		if (SHOWN(release))
			release(kref);
		else
			mutex_unlock(lock);
		return 1;
	}
	return 0;
}

/* include/linux/kref.h */
int kref_put_lock(struct kref *kref, void (*release)(struct kref *kref), spinlock_t *lock)
{
	if (refcount_dec_and_lock(&kref->refcount, lock)) {
		if (SHOWN(release))
			release(kref);
		else
			spin_unlock(lock);
		return 1;
	}
	return 0;
}

/* include/linux/atomic/atomic-arch-fallback.h */
ATOMIC bool atomic_add_unless(atomic_t *v, int a, int u)
{
	if (atomic_read(v) == u)
		return 0;
	atomic_add(a, v);
	return 1;
}

ATOMIC int atomic_fetch_add_unless(atomic_t *v, int a, int u)
{
	int old = atomic_read(v);

	if (old != u)
		atomic_add(a, v);
	return old;
}

ATOMIC int atomic_dec_if_positive(atomic_t *v)
{
	int dec = atomic_read(v) - 1;

	if (dec >= 0)
		atomic_dec(v);
	return dec;
}

ATOMIC bool atomic_inc_unless_negative(atomic_t *v)
{
	if (atomic_read(v) < 0)
		return 0;
	atomic_inc(v);
	return 1;
}

ATOMIC bool atomic_dec_unless_positive(atomic_t *v)
{
	if (atomic_read(v) > 0)
		return 0;
	atomic_dec(v);
	return 1;
}

#define atomic_long_add_unless(v, a, u) atomic_add_unless(v, a, u)
#define atomic64_add_unless(v, a, u) atomic_add_unless(v, a, u)
#define atomic_long_fetch_add_unless(v, a, u) atomic_fetch_add_unless(v, a, u)
#define atomic64_fetch_add_unless(v, a, u) atomic_fetch_add_unless(v, a, u)
#define atomic_long_dec_if_positive(v) atomic_dec_if_positive(v)
#define atomic64_dec_if_positive(v) atomic_dec_if_positive(v)
#define atomic_long_inc_unless_negative(v) atomic_inc_unless_negative(v)
#define atomic64_inc_unless_negative(v) atomic_inc_unless_negative(v)
#define atomic_long_dec_unless_positive(v) atomic_dec_unless_positive(v)
#define atomic64_dec_unless_positive(v) atomic_dec_unless_positive(v)

/* lib/dec_and_lock.c */
int atomic_dec_and_lock(atomic_t *v, spinlock_t *lock)
{
	if (atomic_add_unless(v, -1, 1))
		return 0;
	spin_lock(lock);
	if (atomic_dec_and_test(v))
		return 1;
	spin_unlock(lock);
	return 0;
}

/* lib/dec_and_lock.c */
int atomic_dec_and_lock_irqsave(atomic_t *v, spinlock_t *lock, unsigned long flags)
{
	if (atomic_add_unless(v, -1, 1))
		return 0;
	spin_lock_irqsave(lock, flags);
	if (atomic_dec_and_test(v))
		return 1;
	spin_unlock_irqrestore(lock, flags);
	return 0;
}

/* include/linux/mutex.h */
int atomic_dec_and_mutex_lock(atomic_t *v, struct mutex *lock)
{
	if (atomic_add_unless(v, -1, 1))
		return 0;
	mutex_lock(lock);
	if (!atomic_dec_and_test(v)) {
		mutex_unlock(lock);
		return 0;
	}
	return 1;
}
