process.stdout.write('race-review: being built\n');
