package oracle

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Need ends the test, as [Lack] does, unless every program is on PATH and works: it is asked
// something cheap, once in the life of the process. What that is says a table, and a program that
// is not in it fails the test. One that the test has made itself is named by its whole path, and
// needs no entry.
func Need(t testing.TB, program ...string) {
	t.Helper()
	for _, p := range program {
		if err := Have(t, p); err != nil {
			Lack(t, err.Error())
		}
	}
}

// Have returns an error where [Need] would end the test for the want of the program.
func Have(t testing.TB, program string) error {
	t.Helper()
	err := work(program)
	if errors.Is(err, errNoProbe) {
		t.Fatalf("%s: %v", program, err)
	}
	return err
}

// Lack ends the test for the want of something on this machine: it is skipped
// with the reason, or fails where HARDENING_REQUIRE_ORACLES is 1.
func Lack(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("HARDENING_REQUIRE_ORACLES") == "1" {
		t.Fatalf("oracle required: %s", reason)
	}
	t.Skipf("no oracle: %s", reason)
}

// Run returns the standard output of the program, which it needs. The program
// has the C.UTF-8 locale, no standard input, and the folder of the test. If it
// ends with another exit code than 0, the test fails with its standard error.
func Run(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	return RunWith(t, nil, name, args...)
}

// RunWith is Run for a program that reads its standard input.
func RunWith(t testing.TB, stdin []byte, name string, args ...string) []byte {
	t.Helper()
	out, code, stderr := output(t, stdin, name, args...)
	if code != 0 {
		t.Fatalf("%s: exit code %d\n%s", strings.Join(append([]string{name}, args...), " "), code, stderr)
	}
	return out
}

// Try is RunWith for what this machine may not let the program do, for the want of a
// module, a file or a right: if it does not end with exit code 0, the test ends as [Lack] has it.
// Tests try what they ask first, or the like of it.
func Try(t testing.TB, stdin []byte, name string, args ...string) []byte {
	t.Helper()
	c := Command(t, name, args...)
	var out, errs bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(stdin), &out, &errs
	if err := c.Run(); err != nil {
		Lack(t, failure(c, err, &out, &errs).Error())
	}
	return out.Bytes()
}

// Code is Run for a program whose exit code is part of its answer, such as
// systemctl is-enabled. A program that does not start or is killed by a signal
// still fails the test.
func Code(t testing.TB, name string, args ...string) (stdout []byte, code int) {
	t.Helper()
	stdout, code, _ = output(t, nil, name, args...)
	return stdout, code
}

// Command returns the program, which it needs, for tests that start it themselves. It has the
// surroundings that [Run] gives it, and ends with the test.
func Command(t testing.TB, name string, args ...string) *exec.Cmd {
	t.Helper()
	Need(t, name)
	return command(t.Context(), name, args...)
}

func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Env = append(c.Environ(), "LC_ALL=C.UTF-8", "LANGUAGE=", "SYSTEMD_PAGER=", "SYSTEMD_COLORS=0")
	return c
}

func output(t testing.TB, stdin []byte, name string, args ...string) (stdout []byte, code int, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	c := Command(t, name, args...)
	c.Stdout, c.Stderr = &out, &errs
	if stdin != nil {
		c.Stdin = bytes.NewReader(stdin)
	}
	if err := run(c); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(c.Args, " "), err, &errs)
	}
	return out.Bytes(), c.ProcessState.ExitCode(), errs.String()
}

// run returns an error for a program that does not start or does not come to its end. With which
// exit code that is does not matter.
func run(c *exec.Cmd) error {
	err := c.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.Exited() {
		return nil
	}
	return err
}
