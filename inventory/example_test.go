package inventory_test

import (
	"context"
	"fmt"
	"strings"
	"testing/fstest"

	"github.com/hardening-sdk/hardening/inventory"
)

// A fact of one's own: how a system greets.
var greeting = inventory.NewFact("greeting", func(ctx context.Context, s *inventory.System) (string, error) {
	const name = "etc/motd"
	b, err := s.ReadFile(ctx, name)
	if inventory.IsAbsent(err, name) {
		return "", fmt.Errorf("greeting: %w", inventory.ErrAbsent)
	}
	return strings.TrimSpace(string(b)), err
})

func ExampleFact() {
	sys, err := inventory.New(inventory.Config{FS: fstest.MapFS{"etc/motd": {Data: []byte("authorised use only\n")}}})
	if err != nil {
		panic(err)
	}
	defer sys.Close()
	text, err := greeting.Of(context.Background(), sys)
	fmt.Println(text, err, sys.Reads())
	// Output: authorised use only <nil> [read etc/motd]
}

func ExampleSystem_Platform() {
	tree := fstest.MapFS{"etc/os-release": {Data: []byte("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=24.04\n")}}
	sys, err := inventory.New(inventory.Config{FS: tree})
	if err != nil {
		panic(err)
	}
	defer sys.Close()
	p, err := sys.Platform(context.Background())
	match, known := p.Match("linux/debian")
	fmt.Println(p, match, known, err)
	// Output: ubuntu 24.04 true true <nil>
}
