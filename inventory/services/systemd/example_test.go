package systemd_test

import (
	"context"
	"fmt"
	"io/fs"
	"testing/fstest"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

func ExampleFact() {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	link := func(target string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink}
	}
	sys, err := inventory.New(inventory.Config{FS: fstest.MapFS{
		"usr/lib/systemd/system/default.target":                  link("multi-user.target"),
		"usr/lib/systemd/system/multi-user.target":               file("[Unit]\nDescription=Multi-User System\n"),
		"usr/lib/systemd/system/web.service":                     file("[Service]\nExecStart=/usr/bin/web --port 80\n[Install]\nWantedBy=multi-user.target\n"),
		"etc/systemd/system/web.service.d/hardening.conf":        file("[Service]\nNoNewPrivileges=yes\n"),
		"etc/systemd/system/multi-user.target.wants/web.service": link("/usr/lib/systemd/system/web.service"),
		"etc/systemd/system/ftp.service":                         link("/dev/null"),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sys.Close()
	units, err := systemd.Fact.Of(context.Background(), sys)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, u := range units.All {
		fmt.Printf("%s: %s, starts at boot: %t\n", u.Name, u.State, units.StartsAtBoot(u.Name))
	}
	web, _ := units.Unit("web.service")
	v, _ := web.Lookup("Service", "NoNewPrivileges")
	fmt.Printf("%s:%d: %s\n", v.Source, v.Line, v.Text)
	// Output:
	// default.target: alias, starts at boot: true
	// ftp.service: masked, starts at boot: false
	// multi-user.target: static, starts at boot: true
	// web.service: enabled, starts at boot: true
	// etc/systemd/system/web.service.d/hardening.conf:2: yes
}

func ExampleParseCommand() {
	commands, err := systemd.ParseCommand(`-/usr/bin/web --name "a b" ; @/bin/sh login -c 'exit 1'`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range commands {
		fmt.Printf("%q %s %q\n", c.Prefix, c.Path, c.Args)
	}
	// Output:
	// "-" /usr/bin/web ["--name" "a b"]
	// "@" /bin/sh ["-c" "exit 1"]
}
