int foo_walk(struct foo_list *all, int cpu)
{
	struct foo *f, *next;
	unsigned long index;

	list_for_each_entry_safe(f, next, &all->list, node) {
		if (!f->live)
			continue;
		foo_touch(f);
	}
	xa_for_each(&all->array, index, f)
		foo_touch(f);
	for_each_online_cpu(cpu)
		if (cpu_has_foo(cpu))
			break;
	hlist_for_each_entry_rcu(f, &all->hash[hash_min(cpu, 4)], hash,
				 lockdep_is_held(&all->lock)) {
		f->seen++;
	}
	do_each_foo(f) {
		foo_touch(f);
	} while_each_foo(f);
	do {
		foo_touch(f);
	} while_each_other(f);
	for_each_nothing() {
		break;
	}
	foo_for_each(all, foo_touch, NULL);
	return 0;
}

int foo_guarded(struct foo *f)
{
	struct foo *copy __free(kfree) = kzalloc(sizeof(*copy), GFP_KERNEL);

	guard(mutex)(&f->lock);
	scoped_guard(spinlock_irqsave, &f->list_lock) {
		list_del(&f->node);
	}
	scoped_guard(rcu)
		foo_touch(f);
	scoped_cond_guard(mutex_intr, return -EINTR, &f->other) {
		foo_touch(f);
	}
	CLASS(fd, in)(f->fd);
	return no_free_ptr(copy) ? 0 : -ENOMEM;
}
