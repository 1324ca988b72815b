package dnf_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages/dnf"
)

// The dnf.conf of Rocky Linux 9, and two of its repository files, shortened.
const rocky = `-- etc/dnf/dnf.conf --
[main]
gpgcheck=1
installonly_limit=3
clean_requirements_on_remove=True
best=True
skip_if_unavailable=False
-- etc/yum.repos.d/rocky.repo --
# rocky.repo
[baseos]
name=Rocky Linux $releasever - BaseOS
mirrorlist=https://mirrors.rockylinux.org/mirrorlist?arch=$basearch&repo=BaseOS-$releasever$rltype
gpgcheck=1
enabled=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-Rocky-9

[baseos-debug]
name=Rocky Linux $releasever - BaseOS - Debug
gpgcheck=0
enabled=0
-- etc/yum.repos.d/local.repo --
[local]
name=local
baseurl=https://repo.example/el9
	https://repo2.example/el9
sslverify=False
-- etc/yum.repos.d/old.repo.rpmsave --
nonsense
`

func TestRepos(t *testing.T) {
	got, err := dnf.Repos.Of(t.Context(), inventorytest.System(t, rocky))
	if err != nil {
		t.Fatal(err)
	}
	const main, local, file = "etc/dnf/dnf.conf", "etc/yum.repos.d/local.repo", "etc/yum.repos.d/rocky.repo"
	verify := inventory.Setting{Name: "sslverify", Value: "1"}
	want := []dnf.Repo{
		{inventory.Position{Source: local, Line: 2}, "local", true, inventory.Setting{Name: "gpgcheck", Value: "1", Position: inventory.Position{Source: main, Line: 2}}, inventory.Setting{Name: "sslverify", Value: "0", Position: inventory.Position{Source: local, Line: 5}}},
		{inventory.Position{Source: file, Line: 3}, "baseos", true, inventory.Setting{Name: "gpgcheck", Value: "1", Position: inventory.Position{Source: file, Line: 5}}, verify},
		{inventory.Position{Source: file, Line: 10}, "baseos-debug", false, inventory.Setting{Name: "gpgcheck", Value: "0", Position: inventory.Position{Source: file, Line: 11}}, verify},
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Error(d)
	}
}

func TestDefaultIsUnsigned(t *testing.T) {
	got, err := dnf.Repos.Of(t.Context(),
		inventorytest.System(t, "-- etc/yum.conf --\n[main]\n-- etc/yum.repos.d/a.repo --\n[a]\nbaseurl=http://a.example/\n"))
	if err != nil || len(got) != 1 || got[0].GPGCheck.Value != "0" || !got[0].GPGCheck.Compiled() || !got[0].Enabled {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestErrors(t *testing.T) {
	const main = "-- etc/dnf/dnf.conf --\n[main]\n"
	for name, c := range map[string]struct{ fixture, want string }{
		"no section": {"-- etc/dnf/dnf.conf --\ngpgcheck=1\n", "etc/dnf/dnf.conf: line 1"},
		"no flag":    {main + "-- etc/yum.repos.d/a.repo --\n[a]\ngpgcheck=maybe\n", "etc/yum.repos.d/a.repo:2"},
		"unreadable": {main + "-- etc/yum.repos.d/a.repo error=EACCES --\n", "permission"},
		"a folder":   {main + "-- etc/yum.repos.d/a.repo dir --\n", "a.repo"},
		"overrides":  {main + "-- etc/dnf/repos.override.d/99.repo --\n[*]\ngpgcheck=0\n", "changes repositories"},
		"no folder":  {main + "reposdir=/srv/repos\n-- srv/repos error=EIO --\n", "srv/repos"},
	} {
		if _, err := dnf.Repos.Of(t.Context(), inventorytest.System(t, c.fixture)); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", name, err, c.want)
		}
	}
	if _, err := dnf.Repos.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no DNF: got %v", err)
	}
	if _, err := dnf.Automatic.Of(t.Context(), inventorytest.System(t, "")); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no dnf-automatic: got %v", err)
	}
}

func TestAutomatic(t *testing.T) {
	for text, want := range map[string]string{"apply_updates = yes": "1", "apply_updates = no": "0", "": "0",
		"apply_updates=yes\napply_updates=no": "0"} {
		got, err := dnf.Automatic.Of(t.Context(),
			inventorytest.System(t, "-- etc/dnf/automatic.conf --\n[commands]\n"+text+"\n"))
		if err != nil || got["apply_updates"].Value != want || got["upgrade_type"].Value != "default" {
			t.Errorf("%q: got %v, %v", text, got, err)
		}
	}
}

func Example() {
	cfg, err := inventorytest.Parse([]byte(rocky))
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := inventory.New(cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	repos, err := dnf.Repos.Of(context.Background(), s)
	for _, r := range repos {
		fmt.Println(r.ID, r.Enabled, r.GPGCheck.Value, err)
	}
	// Output:
	// local true 1 <nil>
	// baseos true 1 <nil>
	// baseos-debug false 0 <nil>
}
