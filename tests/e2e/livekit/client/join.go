// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/webrtc/v4"
)

// What a participant does in its room. The host, which publishes sound and data all the time, is there already.
const (
	mannerGood       = "good"       // publishes sound and hears the host
	mannerSubscribes = "subscribes" // only hears the host
	mannerPublishes  = "publishes"  // only publishes sound
	mannerData       = "data"       // neither: sends and gets data
	mannerSimulcast  = "simulcast"  // publishes video in three layers, and hears the host
	mannerResumes    = "resumes"    // good; loses its signalling in the midst, and resumes (an ICE restart)
	mannerReconnects = "reconnects" // good; is told in the midst to join anew
	mannerSingle     = "single"     // good, with one peer connection for both directions
	mannerRelay      = "relay"      // good, through the server's TURN alone
	mannerTCP        = "tcp"        // only hears the host, and has ICE over TCP alone
	mannerMutes      = "mutes"      // good, and publishes nothing more as soon as it is in
	mannerLeaves     = "leaves"     // goes away as soon as its first connection was negotiated
	mannerAlone      = "alone"      // publishes sound in a room of its own, with one peer connection
	mannerHost       = "host"
)

const (
	lookEvery = 5 * time.Millisecond // how soon a new connection of the library's is seen
	dataEvery = 200 * time.Millisecond
)

var out = struct {
	sync.Mutex
	*json.Encoder
}{Encoder: json.NewEncoder(os.Stdout)}

// The facts of one participant; each event has them.
type join struct {
	id      int
	manner  string
	address string
	room    *lksdk.Room
	tcp     *overTCP           // instead of a room, where its manner is that
	end     context.CancelFunc // of telling of its connections
	giveUp  context.CancelFunc // of coming in
	heard   chan struct{}      // closed with the first packet of the host's sound, or of its data
	once    sync.Once
	// Whether the host's sound was asked for.
	subscribed bool
}

// Whether it means well: the host is not of the measurement, and who leaves at once does not come in.
func (j *join) good() bool { return j.manner != mannerHost && j.manner != mannerLeaves }

func (j *join) tell(event string, more map[string]any) {
	line := map[string]any{"e": event, "id": j.id, "manner": j.manner, "address": j.address, "good": j.good(),
		"t": float64(time.Now().UnixNano()) / 1e9}
	for name, value := range more {
		line[name] = value
	}
	out.Lock()
	defer out.Unlock()
	_ = out.Encode(line)
}

func (j *join) hears() { j.once.Do(func() { close(j.heard) }) }

func (j *join) callbacks() *lksdk.RoomCallback {
	c := lksdk.NewRoomCallback()
	c.OnTrackSubscribed = func(track *webrtc.TrackRemote, _ *lksdk.RemoteTrackPublication, _ *lksdk.RemoteParticipant) {
		for {
			if _, _, err := track.ReadRTP(); err != nil {
				return
			}
			j.hears()
		}
	}
	c.OnDataPacket = func(lksdk.DataPacket, lksdk.DataReceiveParams) {
		if j.manner == mannerData {
			j.hears()
		}
	}
	c.OnReconnected = func() { j.tell("reconnected", nil) }
	return c
}

// Whether it subscribes to the host's sound, and whether the host's sound or data has to reach it.
func (j *join) listens() bool { return j.manner != mannerData && j.manner != mannerTCP && j.awaits() }
func (j *join) awaits() bool {
	return j.manner != mannerPublishes && j.manner != mannerAlone && j.manner != mannerHost
}

// Whether it has a connection of its own for what it sends.
func (j *join) speaks() bool { return j.manner != mannerSubscribes && j.manner != mannerTCP }

func (j *join) subscribe() {
	host := j.room.GetParticipantByIdentity(hostName)
	if host == nil {
		return
	}
	for _, of := range host.TrackPublications() {
		if sound, remote := of.(*lksdk.RemoteTrackPublication); remote && !j.subscribed {
			j.subscribed = sound.SetSubscribed(true) == nil
		}
	}
}

// The ufrag of the other side; empty before there is one.
func ufrag(of *webrtc.PeerConnection) string {
	told := of.RemoteDescription()
	if told == nil {
		return ""
	}
	_, after, _ := strings.Cut(told.SDP, "a=ice-ufrag:")
	key, _, _ := strings.Cut(after, "\r\n")
	return key
}

func (j *join) connections() map[string]func() *webrtc.PeerConnection {
	if j.manner == mannerTCP {
		return map[string]func() *webrtc.PeerConnection{"subscriber": j.tcp.connection}
	}
	return map[string]func() *webrtc.PeerConnection{
		"publisher":  j.room.LocalParticipant.GetPublisherPeerConnection,
		"subscriber": j.room.LocalParticipant.GetSubscriberPeerConnection,
	}
}

// Tells of each connection that the library makes with the node, by the node's ufrag, and when it is up.
func (j *join) watch(ctx context.Context) {
	told := map[string]string{} // ufrag: what was told of it last
	for ctx.Err() == nil {
		for side, of := range j.connections() {
			peer := of()
			if peer == nil {
				continue
			}
			key := ufrag(peer)
			facts := map[string]any{"key": key, "side": side}
			if key != "" && told[key] == "" {
				told[key] = "offer"
				j.tell("offer", facts)
				if j.manner == mannerLeaves {
					j.giveUp()
				}
			}
			if told[key] == "offer" && peer.ConnectionState() == webrtc.PeerConnectionStateConnected {
				told[key] = "connected"
				j.tell("connected", facts)
			}
		}
		time.Sleep(lookEvery)
	}
}

func (j *join) options() []lksdk.ConnectOption {
	options := []lksdk.ConnectOption{lksdk.WithAutoSubscribe(false), lksdk.WithDisableRegionDiscovery(),
		lksdk.WithConnectTimeout(flags.timeout)}
	switch j.manner {
	case mannerSingle, mannerAlone:
		options = append(options, lksdk.WithSinglePeerConnection())
	case mannerRelay:
		options = append(options, lksdk.WithICETransportPolicy(webrtc.ICETransportPolicyRelay))
	}
	return options
}

func (j *join) publish() error {
	me := j.room.LocalParticipant
	switch j.manner {
	case mannerSubscribes:
		return nil
	case mannerData:
		return publishData(me)
	case mannerSimulcast:
		return publishVideo(me)
	}
	return publishSound(me)
}

// What has to be so for a participant to be in: it hears the host, and what it publishes is connected.
func (j *join) isIn() bool {
	if j.listens() && !j.subscribed {
		j.subscribe()
	}
	if j.speaks() {
		peer := j.room.LocalParticipant.GetPublisherPeerConnection()
		if peer == nil || peer.ConnectionState() != webrtc.PeerConnectionStateConnected {
			return false
		}
	}
	select {
	case <-j.heard:
		return true
	default:
		return !j.awaits()
	}
}

func (j *join) await(ctx context.Context) error {
	for !j.isIn() {
		if ctx.Err() != nil {
			return errors.New("gave_up")
		}
		time.Sleep(lookEvery)
	}
	return nil
}

// One for each address and program, so that the hosts of several do not meet; or its own.
func (j *join) roomName() string {
	common := fmt.Sprintf("%s-%d", j.address, os.Getpid())
	if j.manner == mannerAlone {
		return fmt.Sprintf("%s-%d", common, j.id)
	}
	return common
}

func (j *join) enter(ctx context.Context, name string) error {
	if j.manner == mannerTCP {
		if err := j.tcp.enter(ctx, j.roomName(), name); err != nil {
			return err
		}
		return j.await(ctx)
	}
	info := lksdk.ConnectInfo{APIKey: apiKey, APISecret: apiSecret, RoomName: j.roomName(), ParticipantIdentity: name}
	if err := j.room.JoinWithContext(ctx, flags.api, info, j.options()...); err != nil {
		return fmt.Errorf("join: %w", err)
	}
	if err := j.publish(); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return j.await(ctx)
}

func (j *join) stay() {
	if j.manner != mannerMutes {
		time.Sleep(flags.hold / 2)
	}
	switch j.manner {
	case mannerResumes:
		j.room.Simulate(lksdk.SimulateSignalReconnect)
	case mannerReconnects:
		j.room.Simulate(lksdk.SimulateLeaveRequestFullReconnect)
	case mannerMutes:
		for _, of := range j.room.LocalParticipant.TrackPublications() {
			if sound, local := of.(*lksdk.LocalTrackPublication); local {
				sound.SetMuted(true)
			}
		}
	}
	time.Sleep(flags.hold / 2)
}

// Comes in; whatever goes wrong is the error.
func (j *join) come(name string) error {
	j.heard = make(chan struct{})
	if j.manner == mannerTCP {
		j.tcp = &overTCP{hears: j.hears}
	} else {
		j.room = lksdk.NewRoom(j.callbacks())
	}
	watched, end := context.WithCancel(context.Background())
	j.end = end
	j.tell("begin", map[string]any{"room": j.roomName()})
	ctx, cancel := context.WithTimeout(context.Background(), flags.timeout)
	j.giveUp = cancel
	defer cancel()
	go j.watch(watched)
	return j.enter(ctx, name)
}

func (j *join) leave() {
	j.end()
	if j.tcp != nil {
		j.tcp.leave()
		return
	}
	j.room.DisconnectWithReason(livekit.DisconnectReason_CLIENT_INITIATED)
}

// One participant from its coming to its leaving.
func (j *join) run() {
	began, reason := time.Now(), "hung_up"
	if err := j.come(fmt.Sprintf("guest-%d", j.id)); err != nil {
		reason = err.Error()
	} else {
		j.tell("active", map[string]any{"setup_ms": float64(time.Since(began).Microseconds()) / 1000})
		j.stay()
	}
	j.leave()
	j.tell("end", map[string]any{"reason": reason})
}
