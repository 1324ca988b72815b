package oracle_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/internal/oracle"
)

// stubs are what this test's own program does where it is run by the name of another: a stub
// needs no shell and no compiler.
var stubs = map[string]func(args string) (code int){
	"fails": func(string) int {
		fmt.Fprintln(os.Stderr, "at line 1 of a loader\n\nLoadError: no module here")
		return 1
	},
	"is silent": func(string) int { return 3 },
	"works":     func(string) int { return 0 },
	"is another program": func(args string) int { // which knows --version and nothing else
		if args == "--version" {
			return 0
		}
		fmt.Println("no such option:", args)
		return 2
	},
	"hangs": func(string) int {
		time.Sleep(time.Hour)
		return 0
	},
	"counts": func(string) int {
		f, err := os.OpenFile(os.Getenv("STUB_LOG"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return 1
		}
		defer f.Close()
		_, _ = f.WriteString("x")
		return 0
	},
}

func TestMain(m *testing.M) {
	if stub := stubs[os.Getenv("STUB")]; stub != nil {
		os.Exit(stub(strings.Join(os.Args[1:], " ")))
	}
	os.Exit(m.Run())
}

// only makes a program the only one on PATH, as a stub.
func only(t *testing.T, program, stub string) {
	t.Helper()
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(own, filepath.Join(dir, program)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv("STUB", stub)
}

func TestProgramsHaveToWork(t *testing.T) {
	tests := []struct {
		name, program, stub string
		want                string // the end of the test follows "skip: no oracle: DIR/"
	}{
		{"that works", "timeout", "works", ""},
		{"that fails", "timeout", "fails", "timeout --version: exit status 1: LoadError: no module here"},
		{"that says nothing", "timeout", "is silent", "timeout --version: exit status 3: "},
		{"of that name", "dpkg", "is another program", "dpkg --compare-versions 1 lt 2: exit status 2: no such option: --compare-versions 1 lt 2"},
		{"that ends well, wrongly", "auditd", "works", "auditd --help: exit status 0: "},
		{"that ends as it should without a word", "awk", "works", `awk BEGIN{print(1)}: it does not say "1": `},
		{"that hangs", "timeout", "hangs", "timeout --version: signal: killed: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			only(t, tt.program, tt.stub)
			t.Setenv("HARDENING_REQUIRE_ORACLES", "")
			if tt.stub == "hangs" {
				defer oracle.SetPatience(100 * time.Millisecond)()
			}
			asks := map[string]func(testing.TB){
				"Need":    func(t testing.TB) { oracle.Need(t, tt.program) },
				"Command": func(t testing.TB) { oracle.Command(t, tt.program) },
			}
			for name, body := range asks {
				wantEnd(t, name, body, "skip: no oracle: ", tt.want)
			}
			t.Setenv("HARDENING_REQUIRE_ORACLES", "1")
			for name, body := range asks {
				wantEnd(t, name+" where it is required", body, "fail: oracle required: ", tt.want)
			}
			err := oracle.Have(t, tt.program)
			if got := strings.TrimPrefix(fmt.Sprint(err), os.Getenv("PATH")+"/"); tt.want != "" && got != tt.want || tt.want == "" && err != nil {
				t.Errorf("Have returns %q, want %q", got, tt.want)
			}
		})
	}
}

// wantEnd compares the end of a test with the way it should end and the reason, if there is one.
func wantEnd(t *testing.T, name string, body func(testing.TB), way, reason string) {
	t.Helper()
	want := ""
	if reason != "" {
		want = way + os.Getenv("PATH") + "/" + reason
	}
	if got := end(t, body); got != want {
		t.Errorf("%s ends the test with %q, want %q", name, got, want)
	}
}

// A program that works may lack what it is asked for.
func TestTry(t *testing.T) {
	only(t, "timeout", "works")
	oracle.Need(t, "timeout")
	try := func(t testing.TB) { oracle.Try(t, nil, "timeout", "5", "x") }
	if got := end(t, try); got != "" {
		t.Errorf("a program that does it ended the test with %q", got)
	}
	t.Setenv("STUB", "fails")
	t.Setenv("HARDENING_REQUIRE_ORACLES", "")
	if got, want := end(t, try), "skip: no oracle: timeout 5 x: exit status 1: LoadError: no module here"; got != want {
		t.Errorf("ended with %q, want %q", got, want)
	}
	t.Setenv("HARDENING_REQUIRE_ORACLES", "1")
	if got, want := end(t, try), "fail: oracle required: timeout 5 x: exit status 1: LoadError: no module here"; got != want {
		t.Errorf("ended with %q, want %q", got, want)
	}
}

// A program is probed once, whoever asks, and anew where another one is on PATH.
func TestProbedOnce(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	t.Setenv("STUB_LOG", log)
	only(t, "timeout", "counts")
	var asked sync.WaitGroup
	for range 8 {
		asked.Go(func() {
			if err := oracle.Have(t, "timeout"); err != nil {
				t.Error(err)
			}
		})
	}
	asked.Wait()
	only(t, "timeout", "counts")
	oracle.Need(t, "timeout")
	if b, err := os.ReadFile(log); string(b) != "xx" {
		t.Errorf("two programs were asked %d times, %v", len(b), err)
	}
}

// A test that names a program without a probe is wrong on every machine.
func TestUnknownProgram(t *testing.T) {
	only(t, "not-in-the-table", "works")
	for _, require := range []string{"", "1"} {
		t.Setenv("HARDENING_REQUIRE_ORACLES", require)
		if got := end(t, func(t testing.TB) { oracle.Need(t, "not-in-the-table") }); !strings.HasPrefix(got, "fail: not-in-the-table: ") {
			t.Errorf("ended with %q", got)
		}
	}
}

// A test may run what it has made itself.
func TestOwnProgram(t *testing.T) {
	only(t, "made", "works")
	oracle.Run(t, filepath.Join(os.Getenv("PATH"), "made"))
	t.Setenv("HARDENING_REQUIRE_ORACLES", "")
	if got := end(t, func(t testing.TB) { oracle.Need(t, filepath.Join(t.TempDir(), "made")) }); !strings.HasPrefix(got, "skip: no oracle: ") {
		t.Errorf("one that is not there ended the test with %q", got)
	}
}

// .ci/run makes stubs by this list.
func TestListOfPrograms(t *testing.T) {
	b, err := os.ReadFile("testdata/programs.txt")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strings.Fields(string(b)), oracle.Programs()); d != "" {
		t.Errorf("testdata/programs.txt -, table of probes +:\n%s", d)
	}
}
