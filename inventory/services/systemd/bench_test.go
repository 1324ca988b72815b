package systemd_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// BenchmarkFact collects the units of a Debian tree. The baseline beside it only reads and parses
// the same files.
func BenchmarkFact(b *testing.B) {
	tree := oracle.Tree(b, "bookworm")
	cfg, err := inventory.Dir(tree)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("collect", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s, err := inventory.New(cfg)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := systemd.Fact.Of(b.Context(), s); err != nil {
				b.Fatal(err)
			}
			s.Close()
		}
	})
	b.Run("readfiles", func(b *testing.B) {
		b.ReportAllocs()
		files, err := filepath.Glob(filepath.Join(tree, "usr/lib/systemd/system/*.*"))
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			for _, f := range files {
				if data, err := os.ReadFile(f); err == nil {
					if _, err := systemd.Parse(data); err != nil {
						b.Fatal(err)
					}
				}
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	data := []byte(unitText)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := systemd.Parse(data); err != nil {
			b.Fatal(err)
		}
	}
}

// unitText is a unit of usual size.
const unitText = `[Unit]
Description=Example
# a comment
After=network.target remote-fs.target
Wants=example.socket

[Service]
Type=notify
ExecStartPre=-/usr/bin/example --check \
    --config /etc/example.conf
ExecStart=/usr/bin/example --config /etc/example.conf
NoNewPrivileges=yes
ProtectSystem=strict
PrivateTmp=yes
Restart=on-failure

[Install]
WantedBy=multi-user.target
`
