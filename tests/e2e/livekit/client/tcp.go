// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"sync"

	"github.com/gorilla/websocket"
	"github.com/livekit/protocol/auth"
	"github.com/livekit/protocol/livekit"
	"github.com/pion/webrtc/v4"
	"google.golang.org/protobuf/proto"
)

// A participant whose ICE is over TCP alone, as behind a firewall that lets no UDP pass. The library cannot do that, so
// this speaks LiveKit's signalling itself, as far as a participant needs it who only hears: the node offers, this answers.
type overTCP struct {
	hears func() // called with each packet of what it hears
	mutex sync.Mutex
	peer  *webrtc.PeerConnection
	wire  *websocket.Conn
}

func (o *overTCP) connection() *webrtc.PeerConnection {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	return o.peer
}

func (o *overTCP) open() error {
	media := &webrtc.MediaEngine{}
	if err := media.RegisterDefaultCodecs(); err != nil {
		return err
	}
	settings := webrtc.SettingEngine{}
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeTCP4})
	peer, err := webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithSettingEngine(settings)).
		NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	peer.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			if _, _, err := track.ReadRTP(); err != nil {
				return
			}
			o.hears()
		}
	})
	o.mutex.Lock()
	o.peer = peer
	o.mutex.Unlock()
	return nil
}

func (o *overTCP) dial(ctx context.Context, room, name string) error {
	token, err := auth.NewAccessToken(apiKey, apiSecret).SetVideoGrant(&auth.VideoGrant{RoomJoin: true, Room: room}).
		SetIdentity(name).ToJWT()
	if err != nil {
		return err
	}
	at := fmt.Sprintf("%s/rtc?protocol=9&auto_subscribe=1&access_token=%s", flags.api, url.QueryEscape(token))
	o.wire, _, err = websocket.DefaultDialer.DialContext(ctx, at, nil) //nolint:bodyclose // it has none once it is open
	return err
}

// Joins, and answers what the node offers from then on.
func (o *overTCP) enter(ctx context.Context, room, name string) error {
	if err := o.open(); err != nil {
		return fmt.Errorf("open: %w", err)
	}
	if err := o.dial(ctx, room, name); err != nil {
		return fmt.Errorf("join: %w", err)
	}
	go o.listen()
	return nil
}

// Until the connection is closed, or something cannot be answered.
func (o *overTCP) listen() {
	for {
		_, data, err := o.wire.ReadMessage()
		if err != nil {
			return
		}
		said := &livekit.SignalResponse{}
		if err = proto.Unmarshal(data, said); err != nil {
			return
		}
		if offer := said.GetOffer(); offer != nil {
			err = o.answer(offer)
		} else if trickle := said.GetTrickle(); trickle != nil && trickle.Target == livekit.SignalTarget_SUBSCRIBER {
			err = o.candidate(trickle)
		}
		if err != nil {
			return
		}
	}
}

func (o *overTCP) candidate(told *livekit.TrickleRequest) error {
	candidate := webrtc.ICECandidateInit{}
	if err := json.Unmarshal([]byte(told.CandidateInit), &candidate); err != nil {
		return err
	}
	return o.peer.AddICECandidate(candidate)
}

func (o *overTCP) answer(offer *livekit.SessionDescription) error {
	if err := o.peer.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer.Sdp}); err != nil {
		return err
	}
	answer, err := o.peer.CreateAnswer(nil)
	if err != nil {
		return err
	}
	if err = o.peer.SetLocalDescription(answer); err != nil {
		return err
	}
	return o.say(&livekit.SignalRequest{Message: &livekit.SignalRequest_Answer{
		Answer: &livekit.SessionDescription{Type: "answer", Sdp: answer.SDP, Id: offer.Id}}})
}

func (o *overTCP) say(what *livekit.SignalRequest) error {
	data, err := proto.Marshal(what)
	if err != nil {
		return err
	}
	return o.wire.WriteMessage(websocket.BinaryMessage, data)
}

func (o *overTCP) leave() {
	if o.wire != nil {
		_ = o.say(&livekit.SignalRequest{Message: &livekit.SignalRequest_Leave{Leave: &livekit.LeaveRequest{}}})
		_ = o.wire.Close()
	}
	if o.peer != nil {
		_ = o.peer.Close()
	}
}
