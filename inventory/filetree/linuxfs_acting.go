//go:build linux

package filetree

import (
	"fmt"
	"path"

	"github.com/hardening-sdk/hardening/internal/mountinfo"
	"github.com/hardening-sdk/hardening/internal/sys"
)

// acting lists the pseudo files that look regular and whose opening or reading does
// something, or waits. They are told by the file system they are on and not by where
// it is mounted. Whatever is not here and would wait is an error instead, as all
// files are opened with O_NONBLOCK.
//
// The files of /dev need no entry: they are devices, which are never opened.
var acting = []struct {
	magic uint32
	base  string // a pattern of path.Match
	why   string
}{
	{mountinfo.MagicProc, "kmsg", "takes messages out of the kernel's log"},              // proc_kmsg(5)
	{mountinfo.MagicProc, "kcore", "is the memory of the kernel"},                        // proc_kcore(5)
	{mountinfo.MagicProc, "vmcore", "is the memory of a kernel that crashed"},            // admin-guide/kdump
	{mountinfo.MagicProc, "mem", "is the memory of a process, whose pager may wait"},     // proc_pid_mem(5), userfaultfd(2)
	{mountinfo.MagicProc, "channel", "takes requests away from the NFS server's daemon"}, // net/sunrpc/cache.c
	{mountinfo.MagicProc, "stat_refresh", "makes every processor fold its counters"},     // admin-guide/sysctl/vm.rst
	{mountinfo.MagicProc, "event", "takes events away from the ACPI daemon"},             // acpi/event, until Linux 3.13

	{mountinfo.MagicSysfs, "wakeup_count", "waits until no wakeup is in progress"},   // ABI/testing/sysfs-power
	{mountinfo.MagicSysfs, "config", "asks a PCI device, some of which hang"},        // PCI/sysfs-pci.rst, lspci(8) -xxx
	{mountinfo.MagicSysfs, "resource[0-9]*", "asks registers of a PCI device"},       // PCI/sysfs-pci.rst
	{mountinfo.MagicSysfs, "rom", "asks a PCI device"},                               // PCI/sysfs-pci.rst
	{mountinfo.MagicSysfs, "vpd", "asks a PCI device, some of which hang"},           // ABI/testing/sysfs-bus-pci
	{mountinfo.MagicSysfs, "legacy_io", "asks ports of a bus"},                       // PCI/sysfs-pci.rst
	{mountinfo.MagicSysfs, "legacy_mem", "is memory of a bus"},                       // PCI/sysfs-pci.rst
	{mountinfo.MagicTracefs, "*", "can take events out of a trace, or stop tracing"}, // trace/ftrace.rst: trace_pipe, free_buffer, trace
	{mountinfo.MagicDebugfs, "*", "is whatever a driver's author needed"},            // filesystems/debugfs.rst
	{mountinfo.MagicXenfs, "*", "talks to the hypervisor"},                           // drivers/xen/xenfs
	{mountinfo.MagicFunctionfs, "*", "talks to a USB host"},                          // usb/functionfs.rst
	{mountinfo.MagicGadgetfs, "*", "talks to a USB host"},                            // usb/gadgetfs
	{mountinfo.MagicDLMFS, "*", "takes a lock of the cluster"},                       // filesystems/dlmfs.rst
	{mountinfo.MagicNFSD, "*", "runs a command of the NFS server"},                   // nfsd(7)
	{mountinfo.MagicBPF, "*", "runs a program"},                                      // bpf/bpf_iterators.rst
	{mountinfo.MagicRPCPipefs, "*", "takes requests away from a daemon of NFS"},      // rpc.gssd(8)
}

// acting is an error for a regular file whose opening or reading acts.
func (f *linuxFS) acting(p *place) error {
	magic, ok := f.magic(p.fd, &p.st)
	if !ok {
		return nil
	}
	base := path.Base(p.real)
	if mounted(p.node) && p.st.Mode&sys.TypeMask != sys.Dir {
		base = path.Base(p.node.Mount.Root) // a file mounted on another name
	}
	for _, a := range acting {
		if a.magic != magic {
			continue
		}
		if ok, _ := path.Match(a.base, base); ok {
			return fmt.Errorf("%s: %w", a.why, ErrIrregular)
		}
	}
	return nil
}
