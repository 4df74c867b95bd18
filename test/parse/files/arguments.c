int foo_types(struct list_head *head, void *data)
{
	struct foo *f = container_of(head, struct foo, node);
	struct bar *b = list_first_entry_or_null(&f->bars, struct bar, node);
	size_t n = min_t(unsigned long, f->size, PAGE_SIZE);
	int at = offsetof(struct foo, deep.er[2]);
	typeof(f->size) *p = &f->size;
	typeof(*b) copy = *b;
	unsigned int len = struct_size(f, items, n);

	f = kmalloc_obj(struct foo, GFP_KERNEL);
	f = (struct foo *)data + va_arg(args, int);
	wait_event_lock_irq_cmd(f->wait, !f->busy, f->lock, foo_unplug(f); foo_flush(f));
	foo_compare(f->a, <=, b->b);
	foo_empty(f, , b);
	foo_statement(f, return -EINVAL);
	foo_designated(f, .flag = 1, .other = foo_other(b));
	foo_tables(f, int *, char **);
	pr_info("size %zu " FOO_FMT " of %" PRIu64 "\n", n, f->total);
	asm volatile("nop" : "=r" (n) : "m" (f->size) : "memory");
	switch (n) {
	case 1 ... 5:
		return ({ int x = foo_one(f); x ?: 2; });
	case FOO_LAST:
	default:
		goto out;
	}
	MACRO_WITH_ITS_OWN_SEMICOLON(f)
	foo_after(f);
out:;
}
