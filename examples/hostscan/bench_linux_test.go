package main

import (
	"io"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/hardening-sdk/hardening/baseline/builtin"
	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
)

// BenchmarkAgainstFind scans this host whole, the walk of the tree included, and runs find
// over the same files for setuid programs, in turn; it tells the ratios of their times and
// the peak of memory of the scan. Let it run a few times, so that the cache is warm:
//
//	go test -run '^$' -bench AgainstFind -benchtime 5x ./examples/hostscan
func BenchmarkAgainstFind(b *testing.B) {
	oracle.Need(b, "find")
	program := build(b, b.TempDir())
	var scan, find usage
	for b.Loop() {
		scan.add(b, program, "-format", "json")
		find.add(b, "find", "/", "-xdev", "-perm", "/6000")
	}
	b.ReportMetric(scan.wall.Seconds()/find.wall.Seconds(), "wall/find")
	b.ReportMetric(scan.cpu.Seconds()/find.cpu.Seconds(), "cpu/find")
	b.ReportMetric(scan.cpu.Seconds()/float64(b.N), "cpu-s/scan")
	b.ReportMetric(float64(scan.peak)/1024, "peak-MB")
	info, err := os.Stat(program)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(info.Size())/1e6, "binary-MB")
}

// usage adds up what processes took.
type usage struct {
	wall, cpu time.Duration
	peak      int64 // kilobytes
}

func (u *usage) add(b *testing.B, name string, args ...string) {
	cmd := oracle.Command(b, name, args...)
	cmd.Stdout = io.Discard
	began := time.Now()
	_ = cmd.Run() // find ends with 1 where a file has gone away
	u.wall += time.Since(began)
	if cmd.ProcessState == nil {
		b.Fatal(name, "did not start")
	}
	u.cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.peak = max(u.peak, r.Maxrss)
	}
}

// BenchmarkScan scans a Debian tree in this process.
func BenchmarkScan(b *testing.B) {
	root := oracle.Tree(b, "bookworm")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := scan(b.Context(), options{root: root}, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScanOfHost scans this host in this process.
func BenchmarkScanOfHost(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := scan(b.Context(), options{}, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScanWithoutWalk judges this host by the rules that do not need the walk of the
// whole tree, with the baseline loaded before.
func BenchmarkScanWithoutWalk(b *testing.B) {
	base, err := builtin.Load(b.Context(), "linux-server")
	if err != nil {
		b.Fatal(err)
	}
	rules := slices.DeleteFunc(base.Compiled(), func(r check.Compiled) bool { return r.Needs.Has(check.NeedsWalk) })
	var before, after syscall.Rusage
	b.ReportAllocs()
	syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	for b.Loop() {
		cfg, err := inventory.Host()
		if err != nil {
			b.Fatal(err)
		}
		sys, err := inventory.New(cfg)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := check.Run(b.Context(), sys, rules, check.Options{}); err != nil {
			b.Fatal(err)
		}
		sys.Close()
	}
	syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	cpu := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
	b.ReportMetric(float64(cpu)/1e6/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(len(rules)), "rules")
}
