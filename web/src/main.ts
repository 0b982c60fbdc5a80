import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import { live } from './lib/live.svelte.ts';
import { route } from './lib/router.svelte.ts';

route.follow();
live.follow();
mount(App, { target: document.getElementById('page') as HTMLElement });
