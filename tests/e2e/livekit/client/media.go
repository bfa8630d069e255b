// SPDX-License-Identifier: Apache-2.0

package main

import (
	"time"

	"github.com/livekit/protocol/livekit"
	lksdk "github.com/livekit/server-sdk-go/v2"
	"github.com/pion/webrtc/v4"
)

// Payload of the size and at the pace of sound or video, without its meaning.
func filler(bytes uint32, every time.Duration) *lksdk.NullSampleProvider {
	return &lksdk.NullSampleProvider{BytesPerSample: bytes, SampleDuration: every}
}

func publishSound(me *lksdk.LocalParticipant) error {
	opus := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}
	track, err := lksdk.NewLocalSampleTrack(opus)
	if err != nil {
		return err
	}
	if err = track.StartWrite(filler(60, 20*time.Millisecond), nil); err != nil {
		return err
	}
	_, err = me.PublishTrack(track, &lksdk.TrackPublicationOptions{Name: "sound"})
	return err
}

func publishVideo(me *lksdk.LocalParticipant) error {
	var tracks []*lksdk.LocalTrack
	for number, quality := range []livekit.VideoQuality{livekit.VideoQuality_LOW, livekit.VideoQuality_MEDIUM, livekit.VideoQuality_HIGH} {
		size := uint32(180 << number)
		layer := &livekit.VideoLayer{Quality: quality, Width: size * 16 / 9, Height: size}
		track, err := lksdk.NewLocalSampleTrack(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000},
			lksdk.WithSimulcast("video", layer))
		if err != nil {
			return err
		}
		if err = track.StartWrite(filler(300<<number, time.Second/15), nil); err != nil {
			return err
		}
		tracks = append(tracks, track)
	}
	_, err := me.PublishSimulcastTrack(tracks, &lksdk.TrackPublicationOptions{Name: "video", Source: livekit.TrackSource_CAMERA})
	return err
}

func publishData(me *lksdk.LocalParticipant) error {
	return me.PublishDataPacket(lksdk.UserData([]byte("hello")), lksdk.WithDataPublishReliable(true))
}
