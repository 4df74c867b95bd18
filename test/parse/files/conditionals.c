#ifdef CONFIG_FOO
int foo_built(struct foo *f)
{
	return f->value;
}
#else
static inline int foo_built(struct foo *f)
{
	return 0;
}
static inline int foo_only_without(void)
{
	return 0;
}
#endif

#if 0
int foo_never(void)
{
	return 1;
}
#endif

#ifdef CONFIG_FOO
static int foo_split(struct foo *f, int how)
#else
static int foo_split(struct foo *f)
#endif
{
	int ret;

#ifdef CONFIG_FOO_DEBUG
	if (foo_check(f)) {
#else
	if (foo_fast(f)) {
#endif
		ret = foo_go(f);
	}
#ifndef CONFIG_FOO
	foo_without(f);
#elif defined(CONFIG_FOO_LATER) && !IS_ENABLED(CONFIG_BAR)
	foo_later(f);
#endif
#if BITS_PER_LONG == 32
	foo_narrow(f);
#else
	foo_wide(f);
#endif
	return ret;
}
