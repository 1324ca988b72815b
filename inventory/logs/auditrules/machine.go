package auditrules

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// syscallNames are the names of system calls, each with the letters of the machines that have it: x
// for x86_64, i for i386, a for aarch64, r for arm. The table is made of what ausyscall --dump of
// audit 4.0.2 prints.
//
//go:embed syscalls.txt
var syscallNames string

// syscalls are the letters of each system call by its name.
var syscalls = func() map[string]string {
	all := map[string]string{}
	for line := range strings.Lines(syscallNames) {
		name, on, _ := strings.Cut(strings.TrimSpace(line), " ")
		all[name] = on
	}
	return all
}()

// machine is the machine that the kernel runs on, by its name in libaudit. It is empty if that is
// not known.
type machine string

// letter returns the letter in syscalls.txt of an arch, which is the name of a machine, b64, b32,
// or empty for b64. It returns "" if the table does not have the machine.
func (m machine) letter(arch string) string {
	switch {
	case arch == "b32":
		return map[machine]string{"x86_64": "i", "i386": "i", "aarch64": "r", "arm": "r"}[m]
	case arch == "" || arch == "b64":
		return map[machine]string{"x86_64": "x", "i386": "i", "aarch64": "a", "arm": "r"}[m]
	}
	switch arch {
	case "x86_64":
		return "x"
	case "i386", "i486", "i586", "i686":
		return "i"
	case "aarch64":
		return "a"
	case "arm", "armv5tejl", "armv5tel", "armv6l", "armv7l":
		return "r"
	}
	return ""
}

// checkSyscall returns an error if auditctl refuses a system call because the machine does not have
// it. If the calls of the machine are not known, every name is accepted that some machine has.
func (m machine) checkSyscall(name, arch string) error {
	if name == "all" || name[0] >= '0' && name[0] <= '9' {
		return nil
	}
	on, known := syscalls[name]
	switch letter := m.letter(arch); {
	case !known:
		return fmt.Errorf("a system call: %w", errUnsure)
	case letter != "" && !strings.Contains(on, letter):
		return fmt.Errorf("no system call %s on the machine", name)
	}
	return nil
}

// others are the machines whose system calls are not in the table.
var others = []string{"ppc64", "ppc64le", "ppc", "s390x", "s390", "armeb", "armv8l", "riscv32", "riscv64"}

// short32 are the machines of 32 bits.
var short32 = []machine{"i386", "arm"}

// checkArch returns an error if auditctl refuses an arch.
func (m machine) checkArch(arch string) error {
	arch = strings.ToLower(arch)
	switch {
	case arch == "b64" && slices.Contains(short32, m):
		return errors.New("arch=b64 on a machine of 32 bits")
	case arch == "b32" || arch == "b64" || machine("").letter(arch) != "" || slices.Contains(others, arch):
		return nil
	}
	return fmt.Errorf("an arch: %w", errUnsure)
}

// archs returns the arches of the programs that run on the machine. A kernel for aarch64 could run
// programs for arm, but most distributions for servers have none.
func (m machine) archs() []string {
	switch m {
	case "i386", "arm":
		return []string{"b32"}
	case "aarch64", "ppc64le", "riscv64":
		return []string{"b64"}
	}
	return []string{"b64", "b32"}
}

// shortArch returns b64 or b32 for an arch.
func (m machine) shortArch(arch string) string {
	switch arch {
	case "b64", "b32":
		return arch
	case "x86_64", "aarch64", "ppc64le", "s390x", "riscv64", "ppc64":
		return "b64"
	}
	return "b32"
}

// loaders are the dynamic loaders of each machine, whose names its ABI fixes.
var loaders = []struct {
	file string
	machine
}{
	{"lib64/ld-linux-x86-64.so.2", "x86_64"}, {"lib/ld-musl-x86_64.so.1", "x86_64"},
	{"lib/ld-linux-aarch64.so.1", "aarch64"}, {"lib/ld-musl-aarch64.so.1", "aarch64"},
	{"lib64/ld64.so.2", "ppc64le"}, {"lib/ld64.so.1", "s390x"}, {"lib/ld-linux-riscv64-lp64d.so.1", "riscv64"},
	{"lib/ld-linux-armhf.so.3", "arm"}, {"lib/ld-linux.so.2", "i386"},
}

// Known reports whether some machine has a system call of a name.
func Known(syscall string) bool { return syscalls[syscall] != "" }
