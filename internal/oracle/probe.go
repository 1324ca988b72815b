package oracle

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// A probe asks something cheap of a program. It is close to what tests ask, since one that only
// tells its version may be another program of that name.
type probe struct {
	args  string // separated by spaces
	stdin string
	code  int    // which it ends with
	says  string // a part of what it prints then, where the code may be that of a failure as well
}

// probes has every program that a test may need. A new one also enters testdata/programs.txt and
// the packages of .ci/run.
var probes = map[string]probe{
	"apk-compare":       {stdin: onePair},
	"apparmor_parser":   {args: "--version"},
	"apt-config":        {args: "--version"},
	"apt-get":           {args: "--version"},
	"auditctl":          {args: "-v"},
	"auditd":            {args: "--help", code: 2, says: "auditd:"},
	"augenrules":        {args: "--check"},
	"ausyscall":         {args: "--dump"},
	"awk":               {args: "BEGIN{print(1)}", says: "1"},
	"bash":              {args: "-c :"},
	"cat":               {stdin: "x", says: "x"},
	"chronyd":           {args: "-p -f /dev/null"},
	"chroot":            {args: "/ /bin/sh -c :"},
	"cmd":               {args: "/c ver", says: "Windows"},
	"cmp":               {args: "/dev/null /dev/null"},
	"cp":                {args: "--version"},
	"cvtsudoers":        {args: "-f json -", stdin: "root ALL=ALL\n", says: "User_Specs"},
	"dash":              {args: "-c :"},
	"dpkg":              {args: "--compare-versions 1 lt 2"},
	"dpkg-query":        {args: "--version"},
	"find":              {args: "/dev/null -maxdepth 0 -printf x", says: "x"},
	"findmnt":           {args: "--version"},
	"gcc":               {args: "-S -x c -o - /dev/null"},
	"go":                {args: "version", says: "go version"},
	"grep":              {args: "x", stdin: "x"},
	"grub-script-check": {stdin: "set a=b\n"},
	"iptables":          {args: "--version"},
	"iptables-restore":  {args: "--version"},
	"java":              {args: "-version"},
	"ldd":               {args: "--version"},
	"logrotate":         {args: "--version"},
	"ls":                {args: "-1v /dev/null", says: "/dev/null"},
	"mknod":             {args: "--version"},
	"nft":               {args: "--version"},
	"node":              {args: "-e 0"},
	"nuget-versioning":  {args: "order", stdin: onePair},
	"opkg-compare":      {stdin: onePair},
	"oscap":             {args: "--version"},
	"pamtester":         {args: "--version", code: 255, says: "pamtester:"},
	"pwscore":           {code: 4, says: "password"},
	"reg":               {args: "/?"},
	"rpm":               {args: "--version"},
	"rsyslogd":          {args: "-N1 -f /dev/stdin", stdin: "*.* /dev/null\n"},
	"ruby":              {args: "-e nil"},
	"rustc":             {args: "--version"},
	"script":            {args: "-qc : /dev/null"},
	"sh":                {args: "-c :"},
	"sleep":             {args: "0"},
	"ssh":               {args: "-G -F /dev/null host.example", says: "stricthostkeychecking"},
	"ssh-keygen":        {args: "-l -f -", stdin: publicKey, says: "SHA256:"},
	"strace":            {args: "--version"},
	"sysctl":            {args: "--version", says: "procps"},
	"systemctl":         {args: "--version", says: "systemd"},
	"systemd-analyze":   {args: "--version", says: "systemd"},
	"tcpdmatch":         {code: 1, says: "usage:"},
	"timeout":           {args: "--version"},
	"uname":             {args: "-n -r"},
	"unshare":           {args: "--version"},
	"vercmp":            {args: "1 2", says: "-1"},
	"zcat":              {args: "--version"},

	// The one of PATH may be another than the one that has Debian's modules.
	"/usr/bin/python3": {args: "-c pass"},
}

const (
	onePair = "31 31\n" // two times 1, for programs that compare versions in hexadecimal

	// publicKey is one whose private half was not kept.
	publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPfkM3+iaRs2lB7m15fZziz+rupGyyDzuCHY9eU+lfF8\n"
)

// patience is how long a probe may take. A program that waits for something does not work, and
// machines may be slow.
var patience = time.Minute

// verdicts has what came of the probes of this process: functions that return an error, by the
// path of the program.
var verdicts sync.Map

// errNoProbe is the mistake of a test that names a program without a probe.
var errNoProbe = errors.New("the table of internal/oracle has no probe of this program")

// work returns an error unless the program is there and works.
func work(program string) error {
	p, ok := probes[program]
	if !ok && !filepath.IsAbs(program) {
		return errNoProbe
	}
	path, err := exec.LookPath(program)
	if err != nil || !ok {
		return err
	}
	verdict, _ := verdicts.LoadOrStore(path, sync.OnceValue(func() error { return p.of(path) }))
	return verdict.(func() error)()
}

// of runs the probe and returns what is wrong with the program.
func (p probe) of(path string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var out, errs bytes.Buffer
	c := command(ctx, path, strings.Fields(p.args)...)
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader(p.stdin), &out, &errs
	c.WaitDelay = time.Second // for what it started and left behind
	err := run(c)
	if code := c.ProcessState.ExitCode(); err == nil && code != p.code {
		err = fmt.Errorf("exit status %d", code)
	}
	if err == nil && !strings.Contains(out.String()+errs.String(), p.says) {
		err = fmt.Errorf("it does not say %q", p.says)
	}
	if err != nil {
		return failure(c, err, &out, &errs)
	}
	return nil
}

// failure is an error with what the program said of it, in one line.
func failure(c *exec.Cmd, err error, out, errs *bytes.Buffer) error {
	return fmt.Errorf("%s: %w: %s", strings.Join(c.Args, " "), err, complaint(errs.String()+"\n"+out.String()))
}

// complaint returns the line that says what went wrong: the first one that calls itself an error,
// since interpreters first tell where they were, else the first one.
func complaint(said string) string {
	first := ""
	for line := range strings.Lines(said) {
		line = strings.TrimSpace(line)
		if strings.Contains(line, "rror: ") {
			return line
		}
		if first == "" {
			first = line
		}
	}
	return first
}
