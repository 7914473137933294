/* Runs every file of the given folders through a fuzz target: a crash found once stays found. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/mem.h"
#include "fuzz.h"

static void run_file(const char *path)
{
	struct tk_buf b = TK_BUF(64u << 20);
	char buf[65536];
	size_t n;
	FILE *f = fopen(path, "rb");
	uint8_t *exact;

	if (!f)
		return;
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		tk_buf_add(&b, buf, n);
	fclose(f);
	/* a block of just this size, so that a sanitizer sees a read past its end */
	exact = tk_xmalloc(b.len);
	for (size_t i = 0; i < b.len; i++)
		exact[i] = (uint8_t)b.p[i];
	LLVMFuzzerTestOneInput(exact, b.len);
	free(exact);
	tk_buf_drop(&b);
}

int main(int argc, char **argv)
{
	struct tk_buf path = TK_BUF(8192);
	struct dirent *ent;
	int files = 0;

	for (int i = 1; i < argc; i++) {
		DIR *d = opendir(argv[i]);
		if (!d) {
			perror(argv[i]);
			return 1;
		}
		while ((ent = readdir(d))) {
			if (ent->d_name[0] == '.')
				continue;
			tk_buf_clear(&path);
			tk_buf_fmt(&path, "%s/%s", argv[i], ent->d_name);
			run_file(path.p);
			files++;
		}
		closedir(d);
	}
	tk_buf_drop(&path);
	printf("%d files\n", files);
	return files == 0;
}
