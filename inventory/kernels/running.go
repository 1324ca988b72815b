package kernels

import (
	"context"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/kernels/bootloader"
	"github.com/hardening-sdk/hardening/inventory/kernels/kernel"
)

// Running is the command line of the running kernel, from proc/cmdline, in the form of an entry of
// a boot loader. The list has one entry, or none on an image.
var Running = inventory.NewFact("running kernel", readRunning)

// readRunning makes the entry.
func readRunning(ctx context.Context, s *inventory.System) ([]bootloader.Entry, error) {
	if !s.Live() {
		return nil, nil
	}
	line, err := kernel.CommandLine.Of(ctx, s)
	if err != nil {
		return nil, err
	}
	return []bootloader.Entry{{Title: "running", Parameters: line,
		Position: inventory.Position{Source: "proc/cmdline"}}}, nil
}
