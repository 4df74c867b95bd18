/* What cannot be parsed is told, and the rest goes on. */
int foo_good(void)
{
	return 1;
}

int foo_bad(struct foo *f)
{
	f->a = = 3;
	foo_call(f);
	if (f->b ) ) {
	}
	return 0;
}

int foo_after(void)
{
	return foo_good();
}

/* A label at the end of its block is C23; the grammar is older: the statement is told as missing. */
int foo_label(struct foo *f)
{
	goto out;
out:
}
