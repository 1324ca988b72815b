package oracle

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Need ends the test, as [Lack] does, unless every program is found on PATH.
func Need(t testing.TB, program ...string) {
	t.Helper()
	for _, p := range program {
		if _, err := exec.LookPath(p); err != nil {
			Lack(t, err.Error())
		}
	}
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
		t.Fatalf("%s: exit code %d\n%s", command(name, args), code, stderr)
	}
	return out
}

// Code is Run for a program whose exit code is part of its answer, such as
// systemctl is-enabled. A program that does not start or is killed by a signal
// still fails the test.
func Code(t testing.TB, name string, args ...string) (stdout []byte, code int) {
	t.Helper()
	stdout, code, _ = output(t, nil, name, args...)
	return stdout, code
}

func output(t testing.TB, stdin []byte, name string, args ...string) (stdout []byte, code int, stderr string) {
	t.Helper()
	Need(t, name)
	var out, errs bytes.Buffer
	c := exec.CommandContext(t.Context(), name, args...)
	c.Stdout, c.Stderr = &out, &errs
	if stdin != nil {
		c.Stdin = bytes.NewReader(stdin)
	}
	c.Env = append(c.Environ(), "LC_ALL=C.UTF-8", "LANGUAGE=", "SYSTEMD_PAGER=", "SYSTEMD_COLORS=0")
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || !exit.Exited()) {
		t.Fatalf("%s: %v\n%s", command(name, args), err, &errs)
	}
	return out.Bytes(), c.ProcessState.ExitCode(), errs.String()
}

func command(name string, args []string) string {
	return strings.Join(append([]string{name}, args...), " ")
}
