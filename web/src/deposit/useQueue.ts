import { useSyncExternalStore } from 'react';
import { queue } from './uploader';

export const useQueue = () => useSyncExternalStore(queue.subscribe, queue.snapshot);
