// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The faults that callers of POST /fault/NAME/on can make, and end with .../off.
const (
	faultOneReader = "one-reader-stuck" // of the readers only the first reads on
	faultSlow      = "slow-reader"      // 20 ms pass after each datagram
	faultStrangers = "strangers"        // what comes from an address not seen before is not looked at
	faultDTLS      = "dtls"             // DTLS that comes is not looked at
	faultGone      = "socket-gone"      // the media socket is closed; .../off does not bring it back
	faultElsewhere = "elsewhere"        // the media socket is bound again 9 ports further; likewise
	faultUfrag     = "wrong-ufrag"      // answers name an ufrag that is not the call's
	faultPrint     = "wrong-fingerprint"
	faultMute      = "mute" // nothing is sent back
)

type faults struct{ on map[string]*atomic.Bool }

func newFaults() faults {
	f := faults{on: map[string]*atomic.Bool{}}
	for _, name := range []string{faultOneReader, faultSlow, faultStrangers, faultDTLS, faultGone, faultElsewhere,
		faultUfrag, faultPrint, faultMute} {
		f.on[name] = &atomic.Bool{}
	}
	return f
}

func (f faults) has(name string) bool { return f.on[name].Load() }

type datagram struct {
	data []byte
	from net.Addr
}

// The media sockets of all workers as one connection, with what can go wrong with it. Each has a reader; what is
// sent goes through the first.
type mediaConn struct {
	faults  faults
	mutex   sync.Mutex // of sockets and known
	sockets []net.PacketConn
	known   map[string]bool
	arrived chan datagram
	writes  sync.RWMutex // held for writing: writes wait (pion/ice issue 971)
}

func listen(at string) (net.PacketConn, error) {
	shared := net.ListenConfig{Control: func(_, _ string, raw syscall.RawConn) error {
		var failed error
		err := raw.Control(func(fd uintptr) {
			failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
		})
		if err != nil {
			return err
		}
		return failed
	}}
	return shared.ListenPacket(context.Background(), "udp", at)
}

func newMediaConn(at string, workers int, f faults) (*mediaConn, error) {
	c := &mediaConn{faults: f, known: map[string]bool{}, arrived: make(chan datagram)}
	for i := 0; i < workers; i++ {
		if err := c.open(at, i == 0); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *mediaConn) open(at string, first bool) error {
	socket, err := listen(at)
	if err != nil {
		return err
	}
	c.mutex.Lock()
	c.sockets = append(c.sockets, socket)
	c.mutex.Unlock()
	go c.read(socket, first)
	return nil
}

func (c *mediaConn) read(socket net.PacketConn, first bool) {
	for {
		for !first && c.faults.has(faultOneReader) {
			time.Sleep(10 * time.Millisecond)
		}
		buffer := make([]byte, 8192)
		n, from, err := socket.ReadFrom(buffer)
		if err != nil {
			return // it was closed
		}
		if c.faults.has(faultSlow) {
			time.Sleep(20 * time.Millisecond)
		}
		if c.isHeard(buffer[:n], from) {
			c.arrived <- datagram{buffer[:n], from}
		}
	}
}

func (c *mediaConn) isHeard(data []byte, from net.Addr) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.faults.has(faultStrangers) && !c.known[from.String()] {
		return false
	}
	c.known[from.String()] = true
	isDTLS := len(data) > 0 && data[0] >= 20 && data[0] <= 63 // RFC 7983
	return !(isDTLS && c.faults.has(faultDTLS))
}

func (c *mediaConn) closeAll() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, socket := range c.sockets {
		_ = socket.Close()
	}
}

// What the fault of that name does to the sockets.
func (c *mediaConn) begin(name string) error {
	if name != faultGone && name != faultElsewhere {
		return nil
	}
	at := c.LocalAddr().(*net.UDPAddr)
	c.closeAll()
	if name == faultGone {
		return nil
	}
	c.mutex.Lock()
	c.sockets = nil
	c.mutex.Unlock()
	return c.open(fmt.Sprintf("[%s]:%d", at.IP, at.Port+9), true)
}

func (c *mediaConn) ReadFrom(buffer []byte) (int, net.Addr, error) {
	d := <-c.arrived
	return copy(buffer, d.data), d.from, nil
}

func (c *mediaConn) WriteTo(packet []byte, to net.Addr) (int, error) {
	c.writes.RLock()
	defer c.writes.RUnlock()
	c.mutex.Lock()
	socket := c.sockets[0]
	c.mutex.Unlock()
	return socket.WriteTo(packet, to)
}

func (c *mediaConn) LocalAddr() net.Addr {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.sockets[0].LocalAddr()
}

func (c *mediaConn) Close() error {
	c.closeAll()
	return nil
}

func (c *mediaConn) SetDeadline(time.Time) error      { return nil }
func (c *mediaConn) SetReadDeadline(time.Time) error  { return nil }
func (c *mediaConn) SetWriteDeadline(time.Time) error { return nil }
